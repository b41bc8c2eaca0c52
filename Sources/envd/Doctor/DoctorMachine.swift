internal import EnvdClient
internal import EnvdCore
internal import EnvdProtocol
internal import EnvdStore
internal import EnvdSystem

/// What envd stands on: the service, the runtime directory, the kernel's limits, the file systems.
struct DoctorMachine {
    let runtime: RuntimeDirectory
    let paths: StorePaths
    /// The daemon's process, where one runs.
    let daemon: Int32?

    var findings: [DoctorReport.Finding] { [programs, service, sockets, watches].compactMap(\.self) + fileSystems }

    /// The programs that lie beside this one: hooks and builds start them.
    private var programs: DoctorReport.Finding? {
        let missing = ["envd-hook", "envd-child"].map { DaemonStarter.neighbour($0) }.filter {
            !FileSystem.isExecutable($0)
        }
        guard !missing.isEmpty else { return nil }
        return .init(
            .problem, "programs", "could not find \(missing.map { "`\($0)`" }.joined(separator: " and "))",
            hint: "install envd anew: the three programs lie in one directory")
    }

    private var service: DoctorReport.Finding? {
        let control = ServiceControl(runtime: runtime)
        guard control.service.hasManager else { return nil }
        let state = ServiceState(control)
        // Each line is a label and, after blanks, the words.
        func words(_ line: String) -> String { String(line.drop { $0 != " " }.drop { $0 == " " }) }
        if let failed = state.lines.first(where: { $0.hasPrefix("failed") }) {
            return .init(
                .problem, "service", words(failed), hint: "`envd service restart` tries it again")
        }
        return .init(control.service.isEnabled ? .ok : .note, "service", words(state.lines.first ?? ""))
    }

    private var sockets: DoctorReport.Finding? {
        guard let status = try? FileSystem.status(runtime.path, followingLink: false) else { return nil }
        guard runtime.isOwn else {
            return .init(
                .problem, "sockets",
                "`\(runtime.path)` is a link, another user's or no directory: shells do not trust it",
                hint: "remove it, or set XDG_RUNTIME_DIR to a directory of your own")
        }
        let isOpen = status.mode & 0o077 != 0
        return .init(
            isOpen ? .problem : .ok, "sockets",
            isOpen
                ? "others may look into `\(runtime.path)`" : "`\(runtime.path)` is this user's alone",
            hint: isOpen ? "chmod 700 \(runtime.path.shellWord)" : nil)
    }

    /// inotify(7)'s watches, of which all programs of a user have so many together.
    private var watches: DoctorReport.Finding? {
        guard let text = try? FileSystem.read("/proc/sys/fs/inotify/max_user_watches", limit: 64),
            let limit = Int(String(decoding: text.filter { $0 > 0x20 }, as: UTF8.self))
        else { return nil }
        let used = daemon.map(Self.watches) ?? 0
        let isScarce = used * 5 > limit * 4 || limit < 1024
        return .init(
            isScarce ? .note : .ok, "watches",
            "\(daemon == nil ? "" : "the daemon has \(used) watches; ")\(limit) are allowed for all programs together",
            hint: isScarce ? "more, as root: sysctl fs.inotify.max_user_watches=524288" : nil)
    }

    /// How many a process has, by proc_pid_fdinfo(5).
    private static func watches(of process: Int32) -> Int {
        let directory = Path("/proc/\(process)/fdinfo")
        return ((try? FileSystem.list(directory)) ?? []).reduce(0) { sum, name in
            let text = (try? FileSystem.read(directory.appending(Path(name)), limit: 16 << 20)) ?? []
            return sum + text.split(separator: UInt8(ascii: "\n")).count { $0.starts(with: "inotify wd:".utf8) }
        }
    }

    private var fileSystems: [DoctorReport.Finding] {
        var findings: [DoctorReport.Finding] = []
        for (name, path) in [("state", paths.state), ("environments", paths.data), ("cache", paths.cache)] {
            guard let kind = FileSystemKind.of(path), kind.isShared else { continue }
            findings.append(
                .init(
                    .note, "file system", "\(name) lie on \(kind.name), which other hosts may share: `\(path)`",
                    hint: "`store.path` of config.toml names a directory on a disk of this host"))
        }
        if let data = FileSystem.nearest(paths.data), let cache = FileSystem.nearest(paths.cache), data != cache {
            findings.append(
                .init(
                    .note, "file system",
                    "`\(paths.cache)` and `\(paths.data)` lie on different file systems: packages are copied, not linked",
                    hint: "set XDG_CACHE_HOME and XDG_DATA_HOME to one file system, or `store.path` of config.toml"))
        }
        if let free = FileSystem.freeSpace(of: paths.data) {
            let isLittle = free < ByteSize(bytes: 1 << 30)
            findings.append(
                .init(
                    isLittle ? .note : .ok, "disk", "\(free) are free where environments are built",
                    hint: isLittle ? "`envd gc` removes environments that are needed no more" : nil))
        }
        return findings
    }
}

extension FileSystem {
    /// The device of the nearest directory that is there.
    fileprivate static func nearest(_ path: Path) -> UInt64? {
        path.selfAndAncestors.lazy.compactMap { (try? status($0))?.device }.first
    }
}

import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Glibc
import Testing

/// What holds after every fault.
extension Home {
    /// One generation is current and whole, its python imports what the manifest names, and nothing lies about.
    ///
    /// - Returns: the current generation's number.
    @discardableResult
    func expectWhole(
        _ root: Path, imports module: String? = nil, note: String = "", at location: SourceLocation = #_sourceLocation
    ) throws -> Int {
        try envd("wait", in: root).expect(0)
        let status = try status(root)
        #expect(status.state == "ready", "\(note)", sourceLocation: location)
        let current = try #require(status.current, "\(note)", sourceLocation: location)
        let python = Path(ByteString(current.prefix)) / "bin/python"
        let answer = run(python, ["-c", "import \(ByteString(module ?? "sys")); print(1)"], in: outside)
        #expect(answer.output == "1\n", "\(note) \(answer.errors)", sourceLocation: location)
        #expect(
            try FileSystem.linkTarget(try store(root) / "current") == Path(ByteString("generations/\(current.number)")),
            "\(note)", sourceLocation: location)
        try expectNothingLeft(of: root, note: note, at: location)
        return current.number
    }

    /// No engine, no scratch directory, no temporary file and no prefix that is not whole.
    func expectNothingLeft(
        of root: Path, note: String = "", at location: SourceLocation = #_sourceLocation
    ) throws {
        for process in strangers() {
            #expect(waitForEnd(of: process), "process \(process) is left. \(note)", sourceLocation: location)
        }
        #expect(try FileSystem.list(data / "tmp") == [], "\(note)", sourceLocation: location)
        let known: Set<ByteString> = ["current", "generations", "pin.json", "project.json"]
        let store = try store(root)
        #expect(try FileSystem.list(store).filter { !known.contains($0) } == [], "\(note)", sourceLocation: location)
        for number in try generations(root) {
            let record = store / "generations/\(number)/.envd/generation.json"
            #expect(FileSystem.exists(record), "\(note)", sourceLocation: location)
        }
        for directory in [runtime, path / "state/envd", path / "state/envd/logs", data, data / "projects", store] {
            let stray = try FileSystem.list(directory).filter { $0.bytes.starts(with: ".envd-".utf8) }
            #expect(stray == [], "in `\(directory)`. \(note)", sourceLocation: location)
        }
    }

    /// Processes that were started with this home in their environment and are no `envd`.
    private func strangers() -> [Int32] {
        let own = (try? FileSystem.canonical(Programs.envd)) ?? Programs.envd
        return ((try? FileSystem.list("/proc")) ?? []).compactMap { Int32($0.description) }.filter { process in
            guard let variables = try? FileSystem.read(Path("/proc/\(process)/environ")),
                let program = try? FileSystem.linkTarget(Path("/proc/\(process)/exe"))
            else { return false }
            return program != own
                && variables.split(separator: 0).contains { $0.elementsEqual("XDG_DATA_HOME=\(path)/data".utf8) }
        }
    }

    /// Waits, for a long time, until a process has ended; for as long as it takes where it ends at all.
    func waitForEnd(of process: Int32) -> Bool {
        run("/usr/bin/tail", ["--pid=\(process)", "-s", "0.05", "-f", "/dev/null"], within: 120).status == 0
    }

    /// Kills the daemon as nothing can be survived, and waits until it is gone.
    ///
    /// - Returns: what it was.
    @discardableResult
    func killDaemon() throws -> Int32 {
        let process = try #require(daemonProcess)
        try signalDaemon(SIGKILL)
        try waitForDaemonsEnd()
        return process
    }

    /// Ends the daemon as a logout does, and waits until it is gone.
    func endDaemon() throws {
        try signalDaemon(SIGTERM)
        try waitForDaemonsEnd()
    }

    var log: String {
        String(decoding: (try? FileSystem.read(runtime / "daemon.log")) ?? [], as: UTF8.self)
    }

    /// What `envd status` warns of that is no single project's, one line each.
    func warnings() throws -> [String] {
        try envd("status", "--all").expect(0).errors.split(separator: "\n").map(String.init)
            .filter { $0.hasPrefix("warning: ") }
    }
}

extension Path {
    /// The path with something right after its last letter.
    func adding(_ suffix: ByteString) -> Path { Path(bytes + suffix) }
}

package import EnvdCore
internal import EnvdSystem
internal import Glibc

/// A user's home of one test's own: runtime directory, store, projects, and the daemon that clients start in it.
package final class Home {
    package let directory: TemporaryDirectory
    /// The environment of every program that is started here.
    package var variables: [ByteString: ByteString]

    package var path: Path { directory.path }
    /// A directory that is in no project.
    package var outside: Path { path / "home/outside" }
    package var runtime: Path { path / "run/envd" }
    package var data: Path { path / "data/envd" }

    /// - Parameter uv: whether PATH leads to one.
    package init(uv: Bool = true, _ more: [ByteString: ByteString] = [:]) throws {
        directory = try TemporaryDirectory("e2e")
        let path = directory.path
        // Where the last one is missing, fish reads every manual page in the background: ten seconds of a core.
        for name in ["home/outside", "home/bin", "run/envd", "tools", "data/fish/generated_completions"] {
            try FileSystem.makeDirectories(path / name)
        }
        try FileSystem.replaceLink(path / "home/bin/envd", to: Programs.envd)
        if uv { try FileSystem.replaceLink(path / "tools/uv", to: Programs.uv()) }
        variables = Programs.network
        variables["HOME"] = (path / "home").bytes
        variables["ZDOTDIR"] = (path / "home").bytes
        variables["PATH"] = ByteString("\(path)/home/bin:\(path)/tools:/usr/bin:/bin")
        variables["LANG"] = "C.UTF-8"
        variables["TERM"] = "dumb"
        variables["TMPDIR"] = path.bytes
        variables["UV_PYTHON_DOWNLOADS"] = "never"
        variables["XDG_RUNTIME_DIR"] = (path / "run").bytes
        variables["XDG_DATA_HOME"] = (path / "data").bytes
        variables["XDG_STATE_HOME"] = (path / "state").bytes
        variables["XDG_CONFIG_HOME"] = (path / "home/.config").bytes
        variables["XDG_CACHE_HOME"] = Programs.cache.bytes
        variables.merge(more) { $1 }
    }

    deinit { stopDaemon() }

    // MARK: Projects

    /// Writes a project's files below the home and gives its root.
    package func project(_ name: String = "p", files: [String: String]) throws -> Path {
        let root = path / name
        try FileSystem.makeDirectories(root, mode: 0o755)
        for (file, text) in files { try directory.write("\(name)/\(file)", text) }
        return root
    }

    package func write(_ file: Path, _ text: String) throws {
        try FileSystem.replace(file, with: Array(text.utf8), mode: 0o644)
    }

    /// Allows a project and waits until its first environment is there.
    package func ready(_ name: String = "p", files: [String: String]) throws -> Path {
        let root = try project(name, files: files)
        try envd("allow", in: root).expect(0)
        try envd("wait", in: root).expect(0)
        return root
    }

    /// A file that is not there, where an engine and whatever it starts may write.
    package func canary() throws -> Path {
        let directory = Programs.cache / "envd/engines/canaries"
        try FileSystem.makeDirectories(directory)
        return directory / "\(path.name)"
    }

    // MARK: Commands

    @discardableResult
    package func envd(
        _ arguments: String..., in directory: Path? = nil, with more: [ByteString: ByteString] = [:],
        within seconds: Int64 = 300
    ) -> Outcome {
        run(Programs.envd, arguments, in: directory, with: more, within: seconds)
    }

    @discardableResult
    package func run(
        _ program: Path, _ arguments: [String], in directory: Path? = nil, with more: [ByteString: ByteString] = [:],
        within seconds: Int64 = 300
    ) -> Outcome {
        let command = Command(
            executable: program, arguments: arguments.map { ByteString($0) },
            environment: variables.merging(["PWD": (directory ?? outside).bytes]) { $1 }.merging(more) { $1 },
            workingDirectory: directory ?? outside, writable: nil)
        return Outcome(
            command: "\(program.name) \(arguments.joined(separator: " "))",
            PlainCommandRunner.runBlocking(command, within: seconds))
    }

    /// What `envd status --json` says of a project.
    package func status(_ root: Path) throws -> StatusDocument.Project {
        let document = try StatusDocument(envd("status", "--json", in: root).expect(0).output)
        guard let project = document.projects.first, document.projects.count == 1 else {
            throw Programs.Missing(description: "status tells of \(document.projects.count) projects, not of one")
        }
        return project
    }

    /// The number of the current generation, asked when nothing is under way any more.
    package func settledGeneration(_ root: Path) throws -> Int? {
        envd("wait", in: root)
        return try status(root).current?.number
    }

    /// The project's own directory in the store.
    package func store(_ root: Path) throws -> Path {
        let projects = data / "projects"
        let names = try FileSystem.list(projects).filter { $0.description.hasPrefix("\(root.name)-") }
        guard let name = names.first else { throw Programs.Missing(description: "`\(root)` has no directory on disk") }
        return projects.appending(Path(name))
    }

    /// The generations that have a directory on disk.
    package func generations(_ root: Path) throws -> [String] {
        try FileSystem.list(try store(root) / "generations").map(\.description).sorted()
    }

    /// Waits, without a word to the daemon, until it has made a generation current.
    package func waitForCurrent(_ number: Int, of root: Path, within seconds: Int64 = 240) throws {
        let store = try store(root)
        try FileEvents.wait(in: store, for: "current generation \(number)", within: seconds) {
            (try? FileSystem.linkTarget(store / "current"))?.name == ByteString(String(number))
        }
    }

    /// Waits, without a word to the daemon, until what it tells shells about a project holds `text`.
    package func waitForNotice(_ text: String, about root: Path) throws {
        let answer = Path(runtime.bytes + "/roots" + root.bytes) / "enter.bash"
        try FileEvents.wait(in: runtime, for: "`\(text)` told to the shells") {
            guard let bytes = try? FileSystem.read(answer), let line = stateLine?.dropLast(),
                let written = try? FileSystem.status(answer), let told = try? FileSystem.status(runtime / "state")
            else { return false }
            // The answer comes first, then the name in `now`, then the line that sends shells to it.
            return String(decoding: bytes, as: UTF8.self).contains(text) && told.modified >= written.modified
                && FileSystem.exists(runtime / "now/\(line)")
        }
    }

    // MARK: The daemon

    package var stateLine: String? {
        (try? FileSystem.read(runtime / "state")).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Of the daemon that wrote the state line, where that process is an `envd`.
    package var daemonProcess: Int32? {
        let words = stateLine?.split { $0 == " " || $0 == "\n" } ?? []
        guard words.count == 3, let process = Int32(words[1]), isEnvd(process) else { return nil }
        return process
    }

    private func isEnvd(_ process: Int32) -> Bool {
        guard let program = try? FileSystem.linkTarget(Path("/proc/\(process)/exe")) else { return false }
        // A copy that lies in the home is one of another version.
        return program == (try? FileSystem.canonical(Programs.envd)) || program.isWithin(path)
    }

    /// Every `envd` of this home, also a daemon that a hook has just started and that has not said so yet.
    private var processes: [Int32] {
        let mark = Array("XDG_RUNTIME_DIR=\(path)/run".utf8)
        let names = (try? FileSystem.list("/proc")) ?? []
        return names.compactMap { Int32($0.description) }.filter { process in
            guard isEnvd(process), let variables = try? FileSystem.read(Path("/proc/\(process)/environ")) else {
                return false
            }
            return variables.split(separator: 0).contains { $0.elementsEqual(mark) }
        }
    }

    package func signalDaemon(_ signal: Int32) throws {
        guard let process = daemonProcess else { throw Programs.Missing(description: "no daemon runs") }
        guard kill(process, signal) == 0 else { throw SystemError("signal the daemon") }
    }

    /// Waits for the end of whatever process holds the daemon's lock.
    package func waitForDaemonsEnd() throws { try waitForLock(runtime / "lock") }

    /// Waits until a file is locked by nobody.
    package func waitForLock(_ file: Path) throws {
        try run("/usr/bin/flock", ["-w", "20", file.description, "true"]).expect(0)
    }

    /// Waits until a daemon other than `old` serves.
    package func waitForDaemon(otherThan old: Int32? = nil) throws {
        try FileEvents.wait(in: path / "run", for: "runtime directory") { FileSystem.exists(runtime) }
        try FileEvents.wait(in: runtime, for: "daemon") {
            guard let process = daemonProcess else { return false }
            return process != old
        }
    }

    /// Ends the daemon as a logout does, and by force where that is not enough.
    package func stopDaemon() {
        let ending = processes
        for process in ending {
            kill(process, SIGTERM)
            kill(process, SIGCONT)
        }
        if !ending.isEmpty, (try? waitForDaemonsEnd()) == nil { ending.forEach { kill($0, SIGKILL) } }
    }
}

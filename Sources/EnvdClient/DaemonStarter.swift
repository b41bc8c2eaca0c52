package import EnvdCore
package import EnvdProtocol
package import EnvdSystem
internal import Glibc

/// Starts the daemon where none answers, so that of any number of first clients one starts it.
package struct DaemonStarter: Sendable {
    package var runtime: RuntimeDirectory
    /// The `envd` program.
    package var program: Path

    /// - Parameter program: nil: the `envd` that lies beside this process's own executable.
    package init(runtime: RuntimeDirectory, program: Path? = nil) {
        self.runtime = runtime
        self.program = program ?? Self.neighbour("envd")
    }

    /// A program in the directory of the running one.
    package static func neighbour(_ name: String) -> Path {
        let own = (try? FileSystem.linkTarget("/proc/self/exe")) ?? "/usr/bin/envd"
        return own.parent / name
    }

    /// Waits for a daemon that another client started: a hook, say, which does not wait for the one that it starts.
    ///
    /// - Returns: false where no daemon is on its way, or the time is over.
    private func isServed(until deadline: Deadline) throws(SystemError) -> Bool {
        while !deadline.hasPassed {
            if let connection = try? UnixSocket.connect(to: runtime.controlSocket) {
                UnixSocket.close(connection)
                return true
            }
            if try FileLock(runtime.lock, waiting: false) != nil { return false }
            usleep(10_000)
        }
        return false
    }

    /// Starts a daemon unless one answers or another client is about to start one.
    ///
    /// - Parameter waiting: until when to wait for it to be ready; nil: not at all.
    /// - Throws: what kept it from being started.
    package func start(waiting deadline: Deadline?) throws(Diagnostic) {
        try runtime.prepare()
        if runtime.isStopped {
            throw Diagnostic(
                "could not start the daemon: `envd service stop` has stopped it", hint: "`envd service start`")
        }
        do {
            guard let lock = try FileLock(runtime.startLock, waiting: deadline != nil) else { return }
            defer { _ = lock }
            if let connection = try? UnixSocket.connect(to: runtime.controlSocket) {
                UnixSocket.close(connection)
                return
            }
            let ready = try ReadyPipe()
            defer { ready.closeReadEnd() }
            do {
                defer { ready.closeWriteEnd() }
                try DetachedProcess.start(
                    program, ["daemon", "--ready-descriptor", "3"], environment: Self.environment(),
                    errors: runtime.path / "daemon.log", ready: ready.writeEnd)
            }
            guard let deadline else { return }
            switch ready.wait(until: deadline) {
            case .ready: break
            case .failed(let text):
                let words = text.split(separator: "\nhint: ", maxSplits: 1)
                throw Diagnostic(
                    "could not start the daemon: \(words.first ?? "")", hint: words.count > 1 ? "\(words[1])" : nil)
            case .none where try isServed(until: deadline): break
            case .none where runtime.daemonHolder != nil:
                let other = FileSystem.exists(runtime.controlSocket) ? "does not answer at" : "has lost its socket"
                throw Diagnostic(
                    "could not start the daemon: one runs, process \(runtime.daemonHolder ?? 0), and \(other) `\(runtime.controlSocket)`",
                    hint: "`envd service restart` starts another")
            case .none:
                throw Diagnostic(
                    "could not start the daemon: \(lastWords)",
                    hint: "see `\(runtime.path / "daemon.log")`, or run `envd daemon`")
            }
        } catch let error as Diagnostic {
            throw error
        } catch {
            throw Diagnostic("could not start the daemon: \(error)")
        }
    }

    /// The last line of the daemon's log.
    private var lastWords: String {
        let log = (try? FileSystem.read(runtime.path / "daemon.log")) ?? []
        return log.split(separator: UInt8(ascii: "\n")).last.map { String(decoding: $0, as: UTF8.self) }
            ?? "it said nothing"
    }

    /// What a daemon needs to find its places, and what this shell hands over: a client that only starts a daemon
    /// has no connection to say it on.
    private static func environment() -> [ByteString: ByteString] {
        let places = Set(EnvironmentVariable.places.map(\.bytes))
        let all = ProcessEnvironment.all()
        let handed = HandedEnvironment.selected(from: all)
        return all.filter { places.contains($0.key) }.merging(handed) { place, _ in place }
    }
}

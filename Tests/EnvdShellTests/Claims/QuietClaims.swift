import EnvdCore
import EnvdShell
import EnvdSystem
import EnvdTestSupport
import Glibc
import Testing

extension Claim {
    /// What a shell that has nothing to do costs.
    static let quiet: [Claim] = [
        Claim("idle", .quietAndCheap, "where nothing changed, no process starts, no socket opens, nothing is shown") {
            scene in
            let project = try scene.project()
            try FileSystem.makeDirectories(project / "a/b")
            let session = try scene.session(in: project)
            let started = try scene.started(by: session) {
                try session.silently("true", "true", "cd a/b", "true", "cd ..", "cd .", "true")
            }
            #expect(started == [])
        },
        Claim("switches", .quietAndCheap, "between ready Python projects and outside no process starts") { scene in
            let roots = try ["one", "two"].map { name in
                let root = scene.world.path / name
                let delta = try PythonPrefix.delta(prefix: scene.world.prefix("gen-\(name)"), name: ByteString(name))
                try scene.world.publish(Answer(root: root, generation: GenerationNumber(1), delta: delta))
                return root
            }
            let session = try scene.session()
            let started = try scene.started(by: session) {
                for _ in 1...2 {
                    for place in roots + [scene.outside] { try session.silently("cd '\(place)'", "true") }
                }
            }
            #expect(started == [])
        },
        Claim("daemon-gone", .quietAndCheap, "without a daemon ready projects still activate, and nothing is said") {
            scene in
            let project = try scene.project()
            // No process has the highest number of all.
            try scene.world.bumpState(process: Int32.max)
            let session = try scene.session()
            #expect(session.greeting == "")
            let before = try session.environment()
            for _ in 1...2 {
                try session.silently("true", "cd '\(project)'", "true")
                #expect(try session.program("python") == scene.python())
                try session.silently("cd '\(scene.outside)'")
                #expect(try session.environment() == before)
            }
        },
        Claim("daemon-called", .quietAndCheap, "a daemon that is gone is called once for its last state, not again") {
            scene in
            let session = try scene.session()
            let calls = scene.world.calls.count
            try scene.world.bumpState(process: Int32.max)
            try session.silently("true", "true", "true")
            #expect(scene.world.calls.count == calls + 1)
            try session.silently("true", "cd ~", "true")
            #expect(scene.world.calls.count == calls + 1)
        },
        Claim("daemon-other", .quietAndCheap, "a daemon that took another's place is given the shell's variables once")
        {
            scene in
            let session = try scene.session()
            #expect(scene.world.calls == ["hello \(scene.shell.rawValue)"])
            // The first process of all lives.
            try scene.world.bumpState(process: 1)
            try session.silently("true", "true", "true")
            #expect(scene.world.calls == ["hello \(scene.shell.rawValue)", "hello \(scene.shell.rawValue)"])
        },
        Claim(
            "nothing-published", .quietAndCheap, "where the runtime directory is gone, P is left, and nothing is said"
        ) {
            scene in
            let project = try scene.project()
            let session = try scene.session()
            let before = try session.environment()
            try session.silently("cd '\(project)'")
            try FileSystem.remove(scene.world.answers.directory)
            try session.silently("true", "true", "cd '\(scene.outside)'", "cd '\(project)'", "true")
            #expect(try session.environment() == before)
        },
        Claim("hook-gone", .quietAndCheap, "where envd is no longer installed, shells start and move without a word") {
            scene in
            let project = try scene.project()
            try FileSystem.remove(scene.world.path / "envd-hook")
            try scene.world.directory.write("asking/pyproject.toml", "")
            let session = try scene.session()
            #expect(session.greeting == "")
            try session.silently("cd '\(scene.world.path)/asking'", "cd '\(scene.outside)'", "true")
            try session.silently("cd '\(project)'")
            #expect(try session.program("python") == scene.python())
        },
        Claim("hook-fails", .quietAndCheap, "an envd-hook that fails or complains shows nothing and changes nothing") {
            scene in
            try scene.world.script("envd-hook", "echo complaint >&2; exit 3")
            try scene.world.directory.write("asking/pyproject.toml", "")
            let session = try scene.session()
            #expect(session.greeting == "")
            let before = try session.environment()
            try session.silently("cd '\(scene.world.path)/asking'", "true", "cd '\(scene.outside)'")
            #expect(try session.environment() == before)
        },
        Claim("foreign-directory", .quietAndCheap, "answers under a link are not trusted") { scene in
            let project = try scene.project()
            let answers = scene.world.answers.directory
            let session = try scene.session()
            let before = try session.environment()
            try session.silently("cd '\(project)'")
            #expect(try session.program("python") == scene.python())
            try session.silently("cd '\(scene.outside)'")
            try FileSystem.rename(answers, to: scene.world.path / "elsewhere")
            try FileSystem.replaceLink(answers, to: scene.world.path / "elsewhere")
            let late = try scene.session(in: project)
            #expect(try late.environment() == before)
        },
    ]
}

extension Scene {
    /// The calls by which a shell starts a process or opens a socket while `body` runs.
    func started(by session: Session, while body: () throws -> Void) throws -> [String] {
        let trace = world.path / "trace"
        let process = session.terminal.processIdentifier
        let strace = try Terminal(
            [
                "/usr/bin/strace", "-qq", "-e", "trace=clone,clone3,fork,vfork,execve,socket", "-o", "\(trace)", "-p",
                "\(process)", "-e", "signal=none",
            ],
            environment: world.environment())
        try #require(try isTraced(process))
        try body()
        // The proof that the trace sees what a shell starts.
        try session.run("/bin/true")
        try session.terminal.send("exit\n")
        _ = try session.terminal.waitForExit()
        _ = try strace.waitForExit()
        // fish colours what is typed in threads of its own.
        let calls = text(of: trace).split(separator: "\n").filter { !$0.contains("CLONE_THREAD") }
        #expect(!calls.isEmpty)
        return calls.dropLast().map(String.init)
    }

    /// A tracer shows in `/proc/<pid>/status`; each reading gives the processor away until it does.
    private func isTraced(_ process: Int32) throws -> Bool {
        for _ in 1...200_000 {
            var bytes = [UInt8](repeating: 0, count: 4096)
            let descriptor = open("/proc/\(process)/status", O_RDONLY | O_CLOEXEC)
            let count = read(descriptor, &bytes, bytes.count)
            close(descriptor)
            let status = String(decoding: bytes[..<max(count, 0)], as: UTF8.self)
            if status.contains("TracerPid:\t"), !status.contains("TracerPid:\t0\n") { return true }
            sched_yield()
        }
        return false
    }
}

import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Glibc
import Testing

@Suite("Whatever happens to the daemon")
struct DaemonLifeTests {
    @Test("a daemon that is stopped holds no shell: a ready project is active at once", arguments: Shell.allCases)
    func stopped(shell: Shell) throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        try home.signalDaemon(SIGSTOP)
        let inside = try HookedShell(shell, in: home, directory: root)
        #expect(try inside.generation() == 1)
        let outside = try HookedShell(shell, in: home)
        #expect(try outside.output("cd '\(root)' && python -c 'import idna; print(1)'") == "1")
        try home.signalDaemon(SIGCONT)
        #expect(try home.status(root).state == "ready")
    }

    @Test("a daemon that has built and answered sleeps: it keeps no clock that wakes it")
    func rest() throws {
        let home = try Home()
        _ = try home.ready(files: ["requirements.txt": "idna\n"])
        let daemon = try #require(home.daemonProcess)
        // libdispatch's manager thread, once started, is woken each second by a timerfd(2); libuv's timers need none.
        let descriptors = Path("/proc/\(daemon)/fd")
        let targets = try FileSystem.list(descriptors).compactMap {
            try? FileSystem.linkTarget(descriptors.appending(Path($0))).description
        }
        #expect(!targets.isEmpty)
        #expect(!targets.contains { $0.contains("timerfd") }, "\(targets)")
    }

    @Test("a daemon that was killed holds no shell, and the hook starts another", arguments: Shell.allCases)
    func killed(shell: Shell) throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        let old = try #require(home.daemonProcess)
        try home.signalDaemon(SIGKILL)
        try home.waitForDaemonsEnd()
        let session = try HookedShell(shell, in: home, directory: root)
        #expect(try session.generation() == 1)
        #expect(try session.imports("idna") == "yes")
        try home.waitForDaemon(otherThan: old)
        #expect(try home.status(root).state == "ready")
        try home.write(root / "requirements.txt", "six\n")
        try home.waitForCurrent(2, of: root)
        try session.promptUntil(2)
    }

    @Test(
        "after a login the hook starts the daemon, and the project is active at the prompt after it is up",
        arguments: Shell.allCases)
    func login(shell: Shell) throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        home.stopDaemon()
        try FileSystem.remove(home.runtime)
        let session = try HookedShell(shell, in: home, directory: root)
        try home.waitForDaemon()
        try session.run("true")
        #expect(try session.imports("idna") == "yes")
        #expect(try session.generation() == 1)
    }

    @Test("a daemon that is killed during a build leaves nothing half-built, and the next one builds again")
    func killedDuringBuild() throws {
        let home = try Home()
        let project = try GatedProject(home, dependencies: "\"idna\"")
        try project.closeGate()
        try home.envd("allow", in: project.root).expect(0)
        try project.waitForArrival()
        let prefix = try home.store(project.root) / "generations/1"
        #expect(FileSystem.exists(prefix))
        let old = try #require(home.daemonProcess)
        try home.signalDaemon(SIGKILL)
        try home.waitForDaemonsEnd()
        try project.waitForBuildsEnd()
        try FileSystem.remove(project.root / "arrived")

        let session = try HookedShell(.bash, in: home, directory: project.root)
        try home.waitForDaemon(otherThan: old)
        try project.waitForArrival()
        #expect(!FileSystem.exists(prefix))
        #expect(try home.generations(project.root) == ["2"])
        #expect(!FileSystem.exists(try home.store(project.root) / "current"))
        #expect(try session.generation() == 0)
        #expect(try home.status(project.root).current == nil)
        try project.openGate()
        try home.waitForCurrent(2, of: project.root)
        try session.promptUntil(2)
        #expect(try session.imports("idna") == "yes")
    }

    @Test("of ten first clients at once one starts the daemon, and all are served by it")
    func firstClients() async throws {
        let home = try Home()
        let command = Command(
            executable: Programs.envd, arguments: ["status", "--json", "--all"], environment: home.variables,
            workingDirectory: home.outside, writable: nil)
        let outcomes = await withTaskGroup(of: Outcome.self) { group in
            for _ in 0..<10 {
                group.addTask {
                    Outcome(command: "envd status", await PlainCommandRunner().run(command, onLine: { _ in }))
                }
            }
            return await group.reduce(into: [Outcome]()) { $0.append($1) }
        }
        let process = try #require(home.daemonProcess)
        for outcome in outcomes { #expect(try StatusDocument(outcome.expect(0).output).daemon.process == process) }
        let log = String(decoding: try FileSystem.read(home.runtime / "daemon.log"), as: UTF8.self)
        #expect(!log.contains("another daemon"), "\(log)")
    }

    @Test("a command right after the hook has started a daemon is served by that one")
    func hookThenCommand() throws {
        let home = try Home()
        let root = try home.project(files: ["requirements.txt": "idna\n"])
        for _ in 1...5 {
            home.run(Programs.directory / "envd-hook", ["hello", "bash"], in: root)
            try home.envd("status", "--all").expect(0)
            home.stopDaemon()
            try FileSystem.remove(home.runtime)
        }
    }

    @Test("what failed is remembered: the next daemon does not try it again before a file has changed")
    func failureRemembered() throws {
        let home = try Home()
        let root = try home.project(files: ["requirements.txt": "idna==0.0.0.1\n"])
        home.envd("allow", in: root)
        home.envd("wait", in: root)
        let said = home.envd("log", in: root).output
        #expect(said.contains("idna==0.0.0.1"))
        home.stopDaemon()
        let refusal = try home.envd("wait", in: root).expect(1)
        #expect(refusal.errors.contains("idna==0.0.0.1"), "\(refusal)")
        // A build would have begun a log of its own, and put this one aside.
        let logs = try FileSystem.list(home.path / "state/envd/logs").map(\.description)
        #expect(!logs.contains { $0.hasSuffix(".1.log") }, "\(logs)")
        #expect(home.envd("log", in: root).output == said)
        try home.write(root / "requirements.txt", "idna\n")
        try home.envd("wait", in: root).expect(0)
    }

    @Test("a variable that a manifest wants is still known after a shell came that has it not")
    func wantedVariable() throws {
        let home = try Home()
        let root = try home.project(files: ["requirements.txt": "--find-links ${ENVD_TEST_LINKS}\nidna\n"])
        let hook = Programs.directory / "envd-hook"
        func isWanted() -> Bool { home.envd("status", in: root).output.contains("${ENVD_TEST_LINKS}") }
        try home.envd("allow", in: root).expect(0)
        home.envd("wait", in: root)
        #expect(isWanted())
        home.run(hook, ["hello", "bash", "ENVD_TEST_LINKS"], in: root, with: ["ENVD_TEST_LINKS": root.bytes])
        try FileEvents.wait(in: home.runtime, for: "variable") { !isWanted() }
        home.run(hook, ["hello", "bash"], in: root)
        home.run(hook, ["ask", "bash"], in: root)
        #expect(!isWanted())
    }

    @Test("a second daemon says that there is one and ends with 69; SIGTERM ends one cleanly, builds and all")
    func secondAndTerm() throws {
        let home = try Home()
        let first = try Terminal(
            [Programs.envd.description, "daemon"], environment: home.variables, workingDirectory: home.outside)
        try home.waitForDaemon()
        #expect(home.daemonProcess == first.processIdentifier)
        let second = try home.envd("daemon").expect(69)
        #expect(second.errors.contains("another daemon serves this user already"))
        let project = try GatedProject(home)
        try project.closeGate()
        try home.envd("allow", in: project.root).expect(0)
        try project.waitForArrival()
        #expect(kill(first.processIdentifier, SIGTERM) == 0)
        #expect(try first.waitForExit(within: 120) == 0)
        try project.waitForBuildsEnd()
        #expect(!FileSystem.exists(home.runtime / "hook"))
        #expect(!FileSystem.exists(home.runtime / "control"))
    }

    @Test("a socket that a dead daemon left is taken over")
    func staleSocket() throws {
        let home = try Home()
        try home.envd("status", "--all").expect(0)
        let old = try #require(home.daemonProcess)
        try home.signalDaemon(SIGKILL)
        try home.waitForDaemonsEnd()
        #expect(FileSystem.exists(home.runtime / "control"))
        let document = try StatusDocument(home.envd("status", "--all", "--json").expect(0).output)
        #expect(document.daemon.process != old)
        #expect(document.daemon.process == home.daemonProcess)
    }
}

import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Glibc
import Testing

@Suite("A daemon that is stopped")
struct StoppedDaemonTests {
    @Test("answers no question and holds no prompt for it: one notice, then silence", arguments: Shell.allCases)
    func asked(shell: Shell) throws {
        let home = try Home()
        let roots = try ["one", "two"].map { try home.project($0, files: ["requirements.txt": "idna\n"]) }
        let session = try HookedShell(shell, in: home)
        try home.waitForDaemon()
        try home.signalDaemon(SIGSTOP)
        defer { try? home.signalDaemon(SIGCONT) }
        // A hook that waited for the answer would wait for ever.
        let command = Command(
            executable: Programs.directory / "envd-hook", arguments: ["ask", ByteString(shell.rawValue)],
            environment: home.variables, workingDirectory: roots[0], writable: nil)
        #expect(PlainCommandRunner.runBlocking(command, within: 60).ending == .exited(0))
        for root in roots + roots {
            #expect(try session.output("cd '\(root)' 2>>'\(home.path)/said' && pwd") == "\(root)")
            try session.run("true")
        }
        let said = String(decoding: try FileSystem.read(home.path / "said"), as: UTF8.self)
        let shown = session.terminal.text() + said
        #expect(shown.split(separator: "envd: the daemon", omittingEmptySubsequences: false).count == 2, "\(shown)")
        #expect(try session.generation() == 0)
    }

    @Test("ends every command with 69, the word that lets it go on, and for status what is published")
    func commands() throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        let process = try #require(home.daemonProcess)
        let waiting = try GatedProject(home, "gated")
        try waiting.closeGate()
        try home.envd("allow", in: waiting.root).expect(0)
        try waiting.waitForArrival()
        let wait = try Terminal(
            [Programs.envd.description, "wait"], environment: home.variables, workingDirectory: waiting.root)
        try home.signalDaemon(SIGSTOP)
        defer { try? home.signalDaemon(SIGCONT) }
        for verb in ["status", "build"] {
            let outcome = try home.envd(verb, in: root).expect(69)
            #expect(
                outcome.errors
                    == "error: could not talk to the daemon (process \(process)): it is stopped\n"
                    + "hint: `kill -CONT \(process)` lets it go on\n")
            let published = "\(root): generation 1, as the daemon last published it\n"
            #expect(outcome.output == (verb == "status" ? published : ""))
        }
        #expect(try wait.waitForExit(within: 120) == 69)
        try home.signalDaemon(SIGCONT)
        try waiting.openGate()
        try home.envd("wait", in: waiting.root).expect(0)
        #expect(try home.status(root).state == "ready")
    }
}

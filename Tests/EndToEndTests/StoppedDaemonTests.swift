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
}

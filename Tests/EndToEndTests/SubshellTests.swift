import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("envd shell")
struct SubshellTests {
    @Test("is a shell of the user's with the environment active, wherever they are", arguments: Shell.allCases)
    func subshell(shell: Shell) throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        let session = try HookedShell(shell, in: home, with: ["SHELL": ByteString(shell.program)])
        let before = try session.environment()
        let prefix = "\(try home.store(root))/generations/1"
        try session.terminal.send("envd shell '\(root)'\n")
        try session.run("true")
        for _ in 1...2 {
            // Each of these has a prompt before it.
            #expect(try session.output("command -v python") == "\(prefix)/bin/python")
            #expect(try session.imports("idna") == "yes")
            #expect(try session.output("pwd") == home.outside.description)
            let inside = try session.environment()
            #expect(inside.contains(ByteString("ENVD_SHELL=\(root)")))
            #expect(inside.contains(ByteString("VIRTUAL_ENV=\(prefix)")))
            try session.run("true")
        }
        // It is that kind of shell, with the user's start-up file.
        let variable = ["bash": "BASH_VERSION", "zsh": "ZSH_VERSION", "fish": "FISH_VERSION"][shell.rawValue] ?? ""
        #expect(try session.output("test -n \"$\(variable)\" && echo it is") == "it is")
        #expect(try session.output("type envd").contains("function"))
        let again = try session.output("envd shell '\(root)'")
        #expect(
            again
                == "error: could not start a shell in the environment of `\(root)`: this is one\nhint: `exit` leaves it"
        )
        try session.terminal.send("exit 7\n")
        #expect(try session.output(shell == .fish ? "echo $status" : "echo $?") == "7")
        #expect(try session.environment() == before)
    }

    @Test("goes from one project's environment into another's, and leaves nothing of the first")
    func another() throws {
        let home = try Home()
        let first = try home.ready("one", files: ["requirements.txt": "idna\n"])
        let second = try home.ready("two", files: ["requirements.txt": "six\n"])
        let session = try HookedShell(.bash, in: home, directory: first, with: ["SHELL": "/bin/bash"])
        try session.terminal.send("cd '\(home.outside)' && envd shell '\(first)'\n")
        try session.run("true")
        #expect(try session.imports("idna") == "yes")
        try session.terminal.send("envd shell '\(second)'\n")
        try session.run("true")
        #expect(try session.imports("six") == "yes")
        let inside = try session.environment()
        #expect(inside.contains(ByteString("ENVD_SHELL=\(second)")))
        #expect(inside.contains { $0.description.hasPrefix("PATH=\(home.data)/projects/two-") })
    }

    @Test("without $SHELL it is the login shell; without an environment it says what is missing")
    func fallbacks() throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        let login = try home.run("/bin/sh", ["-c", "getent passwd \"$(id -u)\" | cut -d: -f7"]).expect(0).output
        for shell: ByteString in ["/no/such/shell", "", "relative"] {
            let outcome = try home.run(
                "/bin/sh",
                [
                    "-c",
                    "printf 'echo $0; echo $SHELL; python -c \"import idna; print(1)\"; exit 9' | '\(Programs.envd)' shell",
                ],
                in: root, with: ["SHELL": shell]
            ).expect(9)
            #expect(outcome.output == "\(login)\(login)1\n", "\(shell)")
        }
        let other = try home.project("other", files: ["requirements.txt": "idna\n"])
        let refused = try home.envd("shell", in: other).expect(1)
        #expect(refused.errors.contains("envd allow"), "\(refused.errors)")
        #expect(try home.envd("shell", in: home.outside).expect(1).errors.contains("hint: "))
    }
}

import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Glibc
import Testing

@Suite("The command line")
struct CommandTests {
    @Test("exec gives the command's own exit status, 127 where there is none, and its signal")
    func exec() throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        func exec(_ words: String...) -> Outcome { home.run(Programs.envd, ["exec", "--"] + words, in: root) }
        try exec("sh", "-c", "exit 7").expect(7)
        try exec("sh", "-c", "kill -TERM $$").expect(128 + SIGTERM)
        #expect(
            try exec("python", "-c", "import sys, idna; print(sys.prefix)").expect(0).output.contains("generations/1"))
        #expect(try exec("printf", "%s|", "--", "a b", "-x").expect(0).output == "--|a b|-x|")
        let missing = try exec("envd-no-such-command").expect(127)
        #expect(missing.errors.contains("could not run `envd-no-such-command`"))
        let failing = try home.envd("exec", root.description, "--", "python", "-c", "import six").expect(1)
        #expect(failing.errors.contains("six"))
    }

    @Test("a directory that is not there names no project, and what is no number names no generation")
    func slips() throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        for words in [
            ["forget", "nosuch"], ["forget", "--purge", "../nosuch/zz"], ["build", "nosuch/zz"], ["deny", "nosuch"],
        ] {
            let outcome = try home.run(Programs.envd, words, in: root).expect(1)
            #expect(outcome.errors.contains("could not find"), "\(words): \(outcome.errors)")
        }
        for word in ["99x", "1.5", "0x1", "", "99999999999999999999"] {
            try home.envd("rollback", word, in: root).expect(64)
            try home.envd("diff", word, "1", in: root).expect(64)
        }
        #expect(try home.status(root).state == "ready")
        try FileSystem.remove(root)
        #expect(try home.envd("forget", root.description, in: home.path).expect(0).output.contains("forgot"))
    }

    @Test("in a directory that was removed nothing else is meant by it")
    func removedDirectory() throws {
        let home = try Home(uv: false)
        for command in ["allow", "status", "exec -- true"] {
            let script = "mkdir gone && cd gone && rmdir ../gone && exec envd \(command)"
            let refusal = try home.run("/bin/sh", ["-c", script], in: home.outside).expect(1)
            #expect(refusal.errors.contains("could not find the working directory: it was removed"), "\(refusal)")
        }
    }

    @Test("what env prints makes a plain shell an active one", arguments: Shell.allCases)
    func env(shell: Shell) throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        let take = shell == .fish ? "envd env --shell fish | source" : "eval \"$(envd env --shell \(shell.rawValue))\""
        let plain = ["bash": ["--norc", "-c"], "zsh": ["-f", "-c"], "fish": ["--no-config", "-c"]]
        let arguments =
            (plain[shell.rawValue] ?? []) + ["\(take); command -v python; python -c 'import idna; print(1)'"]
        let said = try home.run(Path(shell.program), arguments, in: root).expect(0)
        #expect(said.output == "\(try home.store(root))/generations/1/bin/python\n1\n")
        #expect(said.errors.isEmpty)
    }

    @Test("env --json names the variables as they become")
    func envDocument() throws {
        let home = try Home(["PYTHONHOME": "/old"])
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        let document = try environmentDocument(home.envd("env", "--json", in: root).expect(0).output)
        let prefix = "\(try home.store(root))/generations/1"
        #expect(document["VIRTUAL_ENV"] == prefix)
        #expect((document["PATH"] ?? nil)?.hasPrefix("\(prefix)/bin:") == true)
        #expect(document["PYTHONHOME"] == .some(nil))
        #expect(document["HOME"] == nil)
    }

    @Test("env --dotenv writes the variables as they become, and names what a .env file cannot say")
    func envFile() throws {
        let home = try Home(["PYTHONHOME": "/old", "LD_LIBRARY_PATH": "/usr/lib/${x}"])
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        let prefix = "\(try home.store(root))/generations/1"
        let outcome = try home.envd("env", "--dotenv", in: root).expect(0)
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.contains("VIRTUAL_ENV=\(prefix)"))
        #expect(lines.contains { $0.hasPrefix("PATH=\(prefix)/bin:") })
        #expect(!lines.contains { $0.hasPrefix("HOME=") || $0.hasPrefix("PYTHONHOME") })
        #expect(outcome.errors == "warning: could not write `PYTHONHOME`: a .env file cannot unset a variable\n")
        let path = try home.envd("env", "--dotenv", in: root, with: ["PATH": "/usr/bin:/${x}"]).expect(0)
        #expect(!path.output.contains("PATH="))
        #expect(path.errors.contains("could not write `PATH`"))
    }

    @Test("wait ends with 75 when its time is over, and log --follow with the build")
    func waiting() throws {
        let home = try Home()
        let project = try GatedProject(home)
        try project.closeGate()
        try home.envd("allow", in: project.root).expect(0)
        try project.waitForArrival()
        try home.envd("wait", "--timeout", "50ms", in: project.root).expect(75)
        try home.envd("env", "--json", in: project.root).expect(75)
        #expect(try home.status(project.root).state == "building")
        let follower = try Terminal(
            [Programs.envd.description, "log", "--follow", project.root.description], environment: home.variables,
            workingDirectory: project.root)
        try follower.expect("building `gated`")
        try project.openGate()
        try follower.expect("ready after", within: 120)
        #expect(try follower.waitForExit(within: 120) == 0)
        let followed = follower.text().split(whereSeparator: \.isNewline)
        #expect(followed.last?.hasSuffix("/p: ready, built just now") == true, "\(followed)")
        // When each line came.
        let log = try home.envd("log", in: project.root).expect(0).output.split(separator: "\n")
        #expect(log.first?.firstMatch(of: #/^\d{4}-\d\d-\d\dT[0-9:]+Z  building `gated` /#) != nil)
        #expect(log.dropFirst().allSatisfy { $0.firstMatch(of: #/^ +\d+\.\d\ds  |^ {11}/#) != nil }, "\(log)")
        #expect(log.last?.contains("s  ready after ") == true)
        try home.envd("log", "--previous", in: project.root).expect(1)
        try home.envd("wait", "--timeout", "20s", in: project.root).expect(0)
    }

    @Test("build makes a fresh environment although nothing changed, and wait waits for that one")
    func build() throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        for number in 2...3 {
            try home.envd("build", in: root).expect(0)
            try home.envd("wait", in: root).expect(0)
            #expect(try home.status(root).current?.number == number)
        }
    }

    @Test(
        "wrong usage ends with 64 and says how it is done",
        arguments: [
            ["nonsense"], ["env"], ["env", "--shell", "tcsh"], ["env", "--json", "--shell", "bash"],
            ["env", "--json", "--dotenv"], ["shell", "one", "two"], ["exec"],
            ["exec", "--"], ["wait", "--timeout", "soon"], ["allow", "one", "two"], ["hook"], ["status", "--nonsense"],
        ])
    func usage(_ arguments: [String]) throws {
        let home = try Home()
        let outcome = try home.run(Programs.envd, arguments).expect(64)
        #expect(outcome.errors.contains("Usage:"), "\(outcome.errors)")
        #expect(home.stateLine == nil)
    }

    @Test("outside every project the commands say what is missing")
    func outside() throws {
        let home = try Home()
        for verb in ["allow", "deny", "wait", "build", "log", "forget"] {
            let outcome = try home.envd(verb).expect(1)
            #expect(outcome.errors.hasPrefix("error: "), "\(outcome.errors)")
            #expect(outcome.errors.contains("\nhint: "), "\(outcome.errors)")
        }
        #expect(try home.envd("status").expect(0).output.contains("no project is allowed yet"))
        #expect(try home.envd("version").expect(0).output.contains("."))
        #expect(try home.envd("deactivate").expect(1).errors.contains("hook"))
    }
}

import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("Nothing of a project runs before its user says so")
struct TrustTests {
    @Test(
        "a project that is not allowed is looked at and not run; the shell says once what to type",
        arguments: Shell.allCases)
    func notAllowed(shell: Shell) throws {
        let home = try Home()
        let marker = home.path / "marker"
        let root = try home.project(files: [
            "pyproject.toml": """
            [project]
            name = "demo"
            dynamic = ["version"]

            [build-system]
            requires = []
            build-backend = "backend"
            backend-path = ["."]
            """,
            "backend.py": "open('\(marker)', 'w')\n", "setup.py": "open('\(marker)', 'w')\n",
            "sitecustomize.py": "open('\(marker)', 'w')\n",
            ".venv/bin/python": "#!/bin/sh\n: >'\(marker)'\n", ".venv/bin/activate": ": >'\(marker)'\n",
        ])
        try FileSystem.setMode(root / ".venv/bin/python", 0o755)
        let session = try HookedShell(shell, in: home)
        try home.waitForDaemon()
        let first = try session.run("cd '\(root)'")
        let shown = try first + session.run("true") + session.run("cd ..") + session.run("cd '\(root)'")
        let told = "is a Python project that is not allowed; to have its environment here, type: envd allow"
        #expect(shown.split(separator: "\n").count { $0.contains(told) } == 1, "\(shown)")
        #expect(try home.status(root).state == "not allowed")
        #expect(home.envd("wait", in: root).status == 1)
        #expect(home.envd("build", in: root).status == 1)
        #expect(home.envd("exec", "--", "true", in: root).status == 1)
        #expect(!FileSystem.exists(marker))
        #expect(try FileSystem.list(home.data / "projects").isEmpty)
    }

    @Test("what a shell asked about is published for others without calling them; a change of its manifest calls them")
    func asked() throws {
        let home = try Home()
        let root = try home.project(files: ["requirements.txt": "idna\n"])
        let session = try HookedShell(.bash, in: home)
        try home.waitForDaemon()
        let mirror = Path(home.runtime.bytes + "/roots" + root.bytes)
        try FileSystem.makeDirectories(mirror)
        let state = home.stateLine
        #expect(try session.run("cd '\(root)'").contains("not allowed"))
        try FileEvents.wait(in: mirror, for: "publication") { FileSystem.exists(mirror / "asked") }
        #expect(home.stateLine == state)
        try home.write(root / "requirements.txt", "six\n")
        try FileEvents.wait(in: home.runtime, for: "call to the shells") { home.stateLine != state }
    }

    @Test("a denied project is left at the next prompt and not offered again; forget takes it from the disk")
    func denyAndForget() throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        let session = try HookedShell(.bash, in: home, directory: root)
        #expect(try session.generation() == 1)
        #expect(try session.output("envd deny").contains("denied `\(root)`"))
        try session.run("true")
        #expect(try session.generation() == 0)
        #expect(try home.status(root).state == "denied")
        #expect(try !session.run("cd .. && cd '\(root)'").contains("not allowed"))
        #expect(home.envd("exec", "--", "true", in: root).status == 1)
        try home.write(root / "requirements.txt", "six\n")
        #expect(home.envd("wait", in: root).status == 1)
        #expect(try home.generations(root) == ["1"])

        let store = try home.store(root)
        #expect(try session.output("envd forget").contains("forgot `\(root)`"))
        #expect(!FileSystem.exists(store))
        #expect(try home.status(root).state == "not allowed")
        try home.envd("allow", in: root).expect(0)
        try home.envd("wait", in: root).expect(0)
        try session.promptUntil(1)
        #expect(try session.imports("six") == "yes")
    }

    @Test("another directory in an allowed one's place gets nothing, by cd or by command, until it is allowed")
    func replacedDirectory() throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        try FileSystem.rename(root, to: home.path / "moved")
        _ = try home.project(files: ["requirements.txt": "idna\n"])
        for arguments in [["exec", "--", "true"], ["env", "--json"]] {
            let outcome = home.run(Programs.envd, arguments, in: root)
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("is another directory than the one that was allowed"), "\(outcome.errors)")
        }
        #expect(home.envd("wait", in: root).status == 1)
        #expect(try home.status(root).current == nil)
        #expect(try HookedShell(.bash, in: home, directory: root).generation() == 0)
        try home.envd("allow", in: root).expect(0)
        try home.envd("wait", in: root).expect(0)
        try home.envd("exec", "--", "true", in: root).expect(0)
    }

    @Test(
        "a directory above that is moved, or becomes a link, takes an allowed project's environment away",
        arguments: [Shell.bash, .fish], [true, false])
    func replacedAbove(shell: Shell, byLink: Bool) throws {
        let home = try Home()
        let root = try home.project("above/p", files: ["requirements.txt": "idna\n"])
        _ = try home.project("other/p", files: ["requirements.txt": "idna\n"])
        try home.envd("allow", in: root).expect(0)
        try home.envd("wait", in: root).expect(0)
        let session = try HookedShell(shell, in: home, directory: home.path)
        for _ in 1...2 {
            try session.run("cd '\(root)'")
            #expect(try session.generation() == 1)
            try session.run("cd '\(home.path)'")
        }
        try FileSystem.rename(home.path / "above", to: home.path / "moved")
        if byLink {
            try FileSystem.replaceLink(home.path / "above", to: "other")
        } else {
            try FileSystem.rename(home.path / "other", to: home.path / "above")
        }
        try session.run("cd '\(root)'")
        try session.promptUntil(0)
        #expect(try home.status(root).current == nil)
    }

    @Test("what a hint says to type can be pasted, and a name cannot speak to the terminal")
    func hostileNames() throws {
        let home = try Home()
        let root = try home.project("a;touch PWNED\u{1B}[2J", files: ["requirements.txt": "six\n"])
        let refused = home.envd("exec", "--", "true", in: root)
        #expect(refused.status == 1)
        #expect(refused.errors.contains("hint: envd allow '\(home.path)/a;touch PWNED?[2J'"), "\(refused.errors)")
        for outcome in [refused, home.envd("status", in: root), home.envd("status", "--all", in: root)] {
            #expect(!(outcome.output + outcome.errors).contains("\u{1B}"))
        }
    }
}

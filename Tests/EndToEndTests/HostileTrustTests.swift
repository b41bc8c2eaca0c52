import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("A stranger's repository that is only looked at")
struct HostileTrustTests {
    /// A repository, and how it would have its code run or its server called if anybody gave it the chance.
    struct Trap: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var files: [String: String]
    }

    /// `CANARY` stands for the file that its code makes, `PORT` for the server that it names.
    static let traps = [
        Trap(
            testDescription: "a .venv, a .python-version with a path, a sitecustomize",
            files: [
                "pyproject.toml": "[project]\nname = \"x\"\nversion = \"1\"\nrequires-python = \">=3.9\"\n",
                "uv.lock": "version = 1\n", ".python-version": "./python\n", "python": "#!/bin/sh\n: >CANARY\n",
                ".venv/bin/python": "#!/bin/sh\n: >CANARY\n", ".venv/pyvenv.cfg": "home = /usr/bin\n",
                "sitecustomize.py": "open('CANARY', 'w')\n",
            ]),
        Trap(
            testDescription: "setup.py and its own backend with dynamic metadata",
            files: [
                "pyproject.toml":
                    "[project]\nname = \"x\"\ndynamic = [\"version\", \"dependencies\"]\n[build-system]\nrequires = []\nbuild-backend = \"b\"\nbackend-path = [\".\"]\n",
                "b.py": "open('CANARY', 'w')\n", "setup.py": "open('CANARY', 'w')\n",
                "setup.cfg": "[options]\ncmdclass = b.b\n",
            ]),
        Trap(
            testDescription: "setup.py alone", files: ["setup.py": "open('CANARY', 'w')\n"]),
        Trap(
            testDescription: "requirements that are far away",
            files: [
                "requirements.txt":
                    "-e .\n-r http://127.0.0.1:PORT/r.txt\n-c http://127.0.0.1:PORT/c.txt\n--index-url http://127.0.0.1:PORT/simple\n--find-links http://127.0.0.1:PORT/\na @ git+http://127.0.0.1:PORT/a.git\nb @ http://127.0.0.1:PORT/b.zip\n",
                "setup.py": "open('CANARY', 'w')\n",
            ]),
        Trap(
            testDescription: "uv's settings",
            files: [
                "pyproject.toml":
                    "[project]\nname = \"x\"\nversion = \"1\"\ndependencies = [\"idna\", \"d\"]\n[tool.uv.sources]\nd = { path = \"d\" }\n[tool.uv.workspace]\nmembers = [\"d\"]\n",
                "uv.toml": "index-url = \"http://127.0.0.1:PORT/simple\"\nkeyring-provider = \"subprocess\"\n",
                "d/setup.py": "open('CANARY', 'w')\n",
                "d/pyproject.toml": "[project]\nname = \"d\"\ndynamic = [\"version\"]\n",
            ]),
        Trap(
            testDescription: "Poetry's plugins, sources and build script",
            files: [
                "pyproject.toml":
                    "[tool.poetry]\nname = \"x\"\nversion = \"1\"\n[tool.poetry.requires-plugins]\np = { path = \"p\" }\n[tool.poetry.build]\nscript = \"b.py\"\n[tool.poetry.dependencies]\na = { git = \"http://127.0.0.1:PORT/a.git\" }\n[[tool.poetry.source]]\nname = \"s\"\nurl = \"http://127.0.0.1:PORT/simple\"\n",
                "b.py": "open('CANARY', 'w')\n", "p/setup.py": "open('CANARY', 'w')\n",
                "poetry.toml": "[virtualenvs]\nin-project = true\n",
            ]),
        Trap(
            testDescription: "a Pipfile",
            files: [
                "Pipfile":
                    "[[source]]\nurl = \"http://127.0.0.1:PORT/simple\"\nname = \"s\"\n[packages]\na = {git = \"http://127.0.0.1:PORT/a.git\"}\nb = {path = \".\", editable = true}\n",
                "setup.py": "open('CANARY', 'w')\n", ".env": "PYTHONSTARTUP=b.py\n",
            ]),
        Trap(
            testDescription: "conda's channels and an activate.d",
            files: [
                "environment.yml":
                    "channels: ['http://127.0.0.1:PORT/c', nodefaults]\ndependencies:\n  - python\n  - pip:\n    - -e .\n",
                "setup.py": "open('CANARY', 'w')\n", "etc/conda/activate.d/a.sh": ": >CANARY\n",
                "conda-meta/history": "",
            ]),
    ]

    @Test("runs nothing, calls nobody and is built by nothing, whatever is asked about it", arguments: traps)
    func trap(_ trap: Trap) throws {
        let home = try Home()
        let port = try SilentPort()
        let canary = try home.canary()
        let files = trap.files.mapValues {
            $0.replacing("CANARY", with: "\(canary)").replacing("PORT", with: "\(port.number)")
        }
        let root = try home.project(files: files)
        for name in ["python", ".venv/bin/python"] where FileSystem.exists(root / name) {
            try FileSystem.setMode(root / name, 0o755)
        }
        let before = try FileSystem.list(root)
        let session = try HookedShell(.bash, in: home)
        try session.run("cd '\(root)'")
        try session.run("true")
        #expect(try home.status(root).state == "not allowed")
        let shown = try home.envd("allow", "--dry-run", in: root).expect(0).output
        #expect(shown.split(separator: "\n").count >= 2, "\(shown)")
        for arguments in [["wait"], ["build"], ["update"], ["exec", "--", "true"], ["lock"], ["env", "--json"]] {
            #expect(home.run(Programs.envd, arguments, in: root).status != 0, "\(arguments)")
        }
        try home.envd("deny", in: root).expect(0)
        home.envd("wait", in: root)
        #expect(!FileSystem.exists(canary))
        #expect(!port.wasCalled)
        // The user's word alone is put down.
        for project in try FileSystem.list(home.data / "projects") {
            #expect(try FileSystem.list((home.data / "projects").appending(Path(project))) == ["project.json"])
        }
        #expect(try FileSystem.list(root) == before)
    }

    @Test("files that would block or fill the reader are told and hold nobody up")
    func unreadable() throws {
        let home = try Home()
        var bomb = "b0: &b0 [x,x,x,x,x,x,x,x,x]\n"
        for level in 1...12 {
            let below = "*b\(level - 1)"
            bomb += "b\(level): &b\(level) [\(below),\(below),\(below),\(below)]\n"
        }
        let files = [
            "environment.yml": bomb + "dependencies: *b12\n",
            "pyproject.toml": "[project]\nname = " + String(repeating: "[", count: 200_000),
        ]
        for (name, text) in files {
            let root = try home.project("p-\(name)", files: [name: text])
            #expect(home.envd("status", in: root, within: 60).status >= 0, "\(name)")
            #expect(home.envd("allow", "--dry-run", in: root, within: 60).status >= 0, "\(name)")
        }
        let root = try home.project("fifo", files: [:])
        try FileSystem.makeFifo(root / "pyproject.toml")
        #expect(home.envd("status", in: root, within: 60).status >= 0)
        let session = try HookedShell(.bash, in: home, directory: root)
        #expect(try session.output("echo alive").contains("alive"))
        try home.envd("status", "--all").expect(0)
    }

    @Test("manifests that are links to the user's secrets show nothing of them")
    func secrets() throws {
        let home = try Home()
        try home.write(home.path / "home/.netrc", "machine x login y password hunter2\n")
        for name in ["requirements.txt", "pyproject.toml", "environment.yml", "Pipfile"] {
            let root = try home.project("p-\(name)", files: [:])
            try FileSystem.replaceLink(root / name, to: home.path / "home/.netrc")
            let session = try HookedShell(.bash, in: home, directory: root)
            var told = try session.run("true")
            for arguments in [["status"], ["allow", "--dry-run"], ["allow"], ["wait"], ["status"], ["log"]] {
                let outcome = home.run(Programs.envd, arguments, in: root)
                told += outcome.output + outcome.errors
            }
            told += try session.run("true")
            #expect(!told.contains("hunter2"), "\(told)")
        }
        let log = try FileSystem.read(home.runtime / "daemon.log")
        #expect(!String(decoding: log, as: UTF8.self).contains("hunter2"))
    }
}

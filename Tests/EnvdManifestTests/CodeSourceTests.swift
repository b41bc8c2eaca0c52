import EnvdCore
import EnvdManifest
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("What of a project decides whose code runs")
struct CodeSourceTests {
    /// Files, and what they name, each `kind text`.
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var files: [String: String]
        var sources: [String]
    }

    static let plain = "[project]\nname = \"demo\"\nversion = \"1\"\ndependencies = [\"idna\"]\n"

    static let attribute =
        "[project]\nname = \"demo\"\ndynamic = [\"version\"]\n[build-system]\nrequires = [\"setuptools\"]\n[tool.setuptools.dynamic]\nversion = { attr = \"lib.ver.v\" }\n"

    static let cases = [
        Case(testDescription: "packages of the user's index", files: ["pyproject.toml": plain], sources: []),
        Case(
            testDescription: "an index and links of a requirements file",
            files: [
                "requirements.txt":
                    "--index-url https://u:secret@a.example/simple/\n--extra-index-url https://b.example/s?t=secret\n--find-links ./wheels\nidna\n"
            ], sources: ["index https://a.example/simple", "index https://b.example/s?…", "findLinks wheels"]),
        Case(
            testDescription: "paths, repositories and addresses of requirements",
            files: [
                "requirements.txt":
                    "./pkg\nsix @ git+https://tok:secret@git.example/six.git@v2#egg=six\nattrs @ https://u:secret@x.example/attrs-1.tar.gz#sha256=00\n"
            ],
            sources: ["path pkg", "repository https://git.example/six.git", "url https://x.example/attrs-1.tar.gz"]),
        Case(
            testDescription: "includes outside of the root and far away",
            files: ["requirements.txt": "-r ../outside.txt\n-r https://u:secret@r.example/r.txt\nidna\n"],
            sources: ["outsideFile ", "outsideFile https://r.example/r.txt"]),
        Case(
            testDescription: "a package that is to be built from source",
            files: ["requirements.txt": "--no-binary Six,attrs\nsix\nattrs\n"],
            sources: ["sourceDistribution attrs", "sourceDistribution six"]),
        Case(
            testDescription: "a build backend, in the project and with a script",
            files: [
                "pyproject.toml": plain
                    + "[build-system]\nrequires = [\"flit-core\"]\nbuild-backend = \"mine.api\"\nbackend-path = [\"tools\"]\n",
                "tools/mine.py": "",
            ], sources: ["buildBackend mine.api (requires flit-core)", "buildScript tools/mine.py"]),
        Case(
            testDescription: "whatever lies beside a backend of its own",
            files: [
                "pyproject.toml": plain
                    + "[build-system]\nrequires = []\nbuild-backend = \"mine\"\nbackend-path = [\"tools\"]\n",
                "tools/mine.py": "", "tools/zipfile.py": "", "tools/README.md": "",
            ], sources: ["buildBackend mine", "buildScript tools/mine.py", "buildScript tools/zipfile.py"]),
        Case(
            testDescription: "hatch's hooks by their paths, and a version by code",
            files: [
                "pyproject.toml":
                    "[project]\nname = \"demo\"\ndynamic = [\"version\"]\n[build-system]\nrequires = [\"hatchling\"]\nbuild-backend = \"hatchling.build\"\n[tool.hatch.build.hooks.custom]\npath = \"hb.py\"\n[tool.hatch.version]\nsource = \"code\"\npath = \"lib/ver.py\"\n",
                "hb.py": "", "lib/ver.py": "",
            ],
            sources: [
                "buildBackend hatchling.build (requires hatchling)", "buildScript hb.py", "buildScript lib/ver.py",
                "dynamicMetadata version", "setting [tool.hatch.build.hooks]", "setting hatch's version by `code`",
            ]),
        Case(
            testDescription: "a version that setuptools has to run a module for",
            files: ["pyproject.toml": attribute, "lib/ver.py": "import os\nv = os.environ.get('V', '1')\n"],
            sources: [
                "buildBackend setuptools (requires setuptools)", "buildScript lib/ver.py", "dynamicMetadata version",
            ]),
        Case(
            testDescription: "and not one that it reads",
            files: ["pyproject.toml": attribute, "lib/ver.py": "import os\nv = '1.2'  # now\n"],
            sources: ["buildBackend setuptools (requires setuptools)", "dynamicMetadata version"]),
        Case(
            testDescription: "proxies, and mirrors of Python",
            files: [
                "pyproject.toml": plain
                    + "[tool.uv]\nhttps-proxy = \"http://p.example\"\npython-install-mirror = \"https://m.example\"\n"
            ], sources: ["setting https-proxy in [tool.uv]", "setting python-install-mirror in [tool.uv]"]),
        Case(
            testDescription: "setup.py and dynamic metadata",
            files: [
                "pyproject.toml":
                    "[project]\nname = \"demo\"\ndynamic = [\"version\", \"dependencies\"]\n[build-system]\nrequires = [\"setuptools\"]\n",
                "setup.py": "import setuptools\n",
            ],
            sources: [
                "buildBackend setup.py", "buildBackend setuptools (requires setuptools)",
                "dynamicMetadata dependencies, version",
            ]),
        Case(
            testDescription: "uv's sources, indexes and settings",
            files: [
                "pyproject.toml": plain + """
                    [dependency-groups]
                    other = ["far @ https://f.example/far.zip"]
                    [tool.uv]
                    find-links = ["https://l.example/"]
                    no-binary-package = ["six"]
                    index-strategy = "unsafe-best-match"
                    override-dependencies = ["o @ https://o.example/o.zip"]
                    [[tool.uv.index]]
                    url = "https://u:secret@i.example/simple"
                    [tool.uv.sources]
                    a = { path = "../a" }
                    b = [{ git = "ssh://git@g.example/b", rev = "1" }, { url = "https://z.example/b.zip" }]
                    """
            ],
            sources: [
                "path ", "repository ssh://g.example/b", "url https://f.example/far.zip", "url https://o.example/o.zip",
                "url https://z.example/b.zip", "index https://i.example/simple", "findLinks https://l.example/",
                "setting index-strategy in [tool.uv]", "sourceDistribution six",
            ]),
        Case(
            testDescription: "uv.toml, and uv.lock with sources of its own",
            files: [
                "pyproject.toml": plain,
                "uv.toml": "extra-index-url = [\"https://t.example/simple\"]\nallow-insecure-host = [\"t.example\"]\n",
                "uv.lock":
                    "version = 1\n[[package]]\nname = \"x\"\nsource = { git = \"https://g.example/x?rev=1#abc\" }\n[[package]]\nname = \"idna\"\nsource = { registry = \"https://pypi.org/simple\" }\n",
            ],
            sources: [
                "repository https://g.example/x", "index https://t.example/simple",
                "setting allow-insecure-host in uv.toml",
            ]),
        Case(
            testDescription: "Poetry's sources, in every group",
            files: [
                "pyproject.toml": """
                [tool.poetry]
                name = "demo"
                version = "1"
                package-mode = false
                [tool.poetry.dependencies]
                a = { git = "https://g.example/a.git", branch = "main" }
                [tool.poetry.group.docs]
                optional = true
                [tool.poetry.group.docs.dependencies]
                b = { path = "../b", develop = true }
                [[tool.poetry.source]]
                name = "own"
                url = "https://u:secret@p.example/simple"
                """,
                "poetry.lock":
                    "[[package]]\nname = \"c\"\nversion = \"1\"\n\n[package.source]\ntype = \"git\"\nurl = \"https://g.example/c.git\"\n",
            ],
            sources: [
                "path ", "repository https://g.example/a.git", "repository https://g.example/c.git",
                "index https://p.example/simple",
            ]),
        Case(
            testDescription: "a Pipfile and its lock file",
            files: [
                "Pipfile":
                    "[[source]]\nurl = \"https://u:secret@s.example/simple\"\nname = \"s\"\n[packages]\na = {git = \"https://g.example/a.git\"}\n",
                "Pipfile.lock":
                    "{\"_meta\": {}, \"default\": {\"b\": {\"git\": \"https://g.example/b.git\", \"ref\": \"1\"}}}",
            ],
            sources: [
                "repository https://g.example/a.git", "repository https://g.example/b.git",
                "index https://s.example/simple",
            ]),
        Case(
            testDescription: "conda's channels, by the names that the file has for them, and its pip section",
            files: [
                "environment.yml":
                    "channels: [conda-forge, 'https://u:secret@c.example/t/secret/x', nodefaults]\ndependencies:\n  - python\n  - bioconda::six\n  - pip:\n    - --extra-index-url https://e.example/simple\n    - ./local\n"
            ],
            sources: [
                "path local", "index https://e.example/simple", "channel bioconda", "channel conda-forge",
                "channel https://c.example/x",
            ]),
    ]

    @Test("is found by reading alone, and told without credentials", arguments: cases)
    func found(_ sample: Case) throws {
        let project = try SampleProject(sample.files)
        try FileSystem.replace(project.root.parent / "outside.txt", with: [])
        let reading = project.reading
        _ = try reading.spec.get()
        let told = reading.codeSources.map { "\($0.source.kind.rawValue) \($0.source.text)" }
        #expect(told.count == sample.sources.count, "\(told)")
        for (mine, wanted) in zip(told, sample.sources) {
            #expect(wanted.hasSuffix(" ") || wanted.hasSuffix(":") ? mine.hasPrefix(wanted) : mine == wanted, "\(told)")
        }
        #expect(!told.contains { $0.contains("secret") }, "\(told)")
    }

    @Test("each is told with the line that names it")
    func lines() throws {
        let project = try SampleProject([
            "requirements.txt":
                "idna\n--index-url https://u:p@a.example/simple\n./pkg\nsix @ git+https://g.example/s@1\n"
        ])
        let lines = project.reading.codeSources.map { $0.location?.line }
        #expect(lines == [3, 4, 2])
    }

    /// An edit that resolves to packages of what is there already.
    static let harmless = [
        ("idna", "idna\nsix>=1.16 ; python_version > \"3\"\n"), ("idna", "idna==3.7 --hash=sha256:00\n--pre\n"),
        ("--index-url https://u:one@a.example/s\nidna", "--index-url https://u:two@a.example/s\nsix"),
        ("a @ git+https://g.example/a@1", "a @ git+https://g.example/a@2"),
    ]

    @Test("versions, markers, hashes, credentials and revisions add nothing", arguments: harmless)
    func harmlessEdit(before: String, after: String) throws {
        let project = try SampleProject(["requirements.txt": before])
        let grant = TrustGrant(project.reading.codeSources.map(\.source))
        try project.write("requirements.txt", after)
        #expect(grant.missing(from: project.reading.codeSources).isEmpty)
    }

    @Test("a script that changes, a dependency's too, is another source")
    func changedScripts() throws {
        let project = try SampleProject([
            "requirements.txt": "-e .\n./dep\n", "setup.py": "one\n", "dep/setup.py": "one\n",
        ])
        let grant = TrustGrant(project.reading.codeSources.map(\.source))
        for file in ["setup.py", "dep/setup.py"] {
            try project.write(file, "two\n")
            let missing = grant.missing(from: project.reading.codeSources)
            #expect(missing.map(\.source.text) == [file])
            #expect(missing.first?.location?.file == project.root / file)
            try project.write(file, "one\n")
        }
    }

    @Test("a link to a file of the user's tells where it leads, and nothing of what is in it")
    func linksToSecrets() throws {
        let home = try TemporaryDirectory("secrets")
        let secrets = ["netrc": "machine x login y password hunter2\n", "key": "-----BEGIN hunter2-----\n"]
        for (name, text) in secrets { try home.write(name, text) }
        for manifest in [
            "requirements.txt", "pyproject.toml", "environment.yml", "Pipfile", "pylock.toml", "setup.cfg",
        ] {
            for name in secrets.keys {
                let project = try SampleProject()
                try FileSystem.replaceLink(project.root / manifest, to: home.path / name)
                let reading = project.reading
                #expect(!"\(reading)".contains("hunter2"), "\(manifest) \(reading.spec)")
            }
        }
        let project = try SampleProject()
        try home.write("token", "hunter2\n")
        try FileSystem.replaceLink(project.root / "requirements.txt", to: home.path / "token")
        #expect(project.reading.codeSources.map(\.source.kind) == [.outsideFile])
    }

    @Test("neither a project's word on trust nor an unknown one of the user is taken")
    func modes() throws {
        let project = try SampleProject(["pyproject.toml": Self.plain + "[tool.envd]\ntrust = \"follow\"\n"])
        #expect(try project.diagnostic().message.contains("`trust` is no key"))
        var other = try SampleProject(["requirements.txt": "idna\n", "config.toml": "trust = \"ask\"\n"])
        other.configuration = other.root / "config.toml"
        #expect(other.reading.userSettings.trust == .ask)
        #expect(other.reading.userFiles == [other.root / "config.toml"])
        try other.write("config.toml", "trust = \"never\"\n")
        #expect(try other.diagnostic().message.contains("`trust` has to be"))
    }
}

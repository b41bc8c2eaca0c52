import EnvdCore
import EnvdManifest
import EnvdSystem
import Testing

/// One format with what people do to its file.
struct SampleFormat: Sendable, CustomTestStringConvertible {
    var name: String
    var files: [String: String]
    /// What is replaced by what in `name`, without and with a change of meaning.
    var harmless: [(String, String)]
    var telling: [(String, String)]
    /// A file beside it, and what it holds then.
    var included: (name: String, text: String)
    /// No such file, with the line and the column of what is wrong.
    var malformed: (text: String, line: Int, column: Int?)
    /// Whether an empty file is a project without requirements.
    var isEmptyFine: Bool
    /// What one line of the file is repeated to for 10 MB.
    var filler: (prefix: String, line: String)

    var testDescription: String { name }

    static let all: [SampleFormat] = [
        SampleFormat(
            name: "Pipfile",
            files: [
                "Pipfile": """
                [[source]]
                name = "pypi"
                url = "https://pypi.org/simple"
                verify_ssl = true

                [packages]
                # a comment
                six = "*"
                requests = {version = ">=2", extras = ["socks"]}
                colorama = {version = "*", sys_platform = "== 'win32'"}

                [dev-packages]
                iniconfig = "*"
                local = {path = "./lib", editable = true}

                [requires]
                python_version = "3.11"

                [scripts]
                test = "pytest"
                """,
                "Pipfile.lock": "{\"_meta\": {\"hash\": {\"sha256\": \"aa\"}}, \"default\": {}, \"develop\": {}}",
                "lib/setup.py": "setup()",
            ],
            harmless: [
                ("# a comment", ""), ("six = \"*\"", "six = '*' # c"), ("\"pytest\"", "\"pytest -q\""),
                ("{version = \">=2\", extras = [\"socks\"]}", "{extras=[ \"socks\" ],version=\">=2\"}"),
                ("[requires]\npython_version", "[requires]\n\npython_version"),
            ],
            telling: [
                ("six = \"*\"", "six = \"<1.16\""), ("[\"socks\"]", "[]"), ("== 'win32'", "== 'linux'"),
                ("iniconfig", "idna"), ("3.11", "3.12"), ("https://pypi.org/simple", "https://example.org/simple"),
                ("./lib", "./lib2"), ("[scripts]", "[docs]\nsphinx = '*'\n[scripts]"),
                ("[scripts]", "[pipenv]\nallow_prereleases = true\n[scripts]"), ("editable = true", "editable = false"),
            ], included: ("lib/setup.py", "setup(name='x')"),
            malformed: ("[packages]\nsix = \n", 2, 7), isEmptyFine: true,
            filler: ("[packages]\nsix = '*'\n", "# comment comment comment comment\n")),
        SampleFormat(
            name: "pylock.toml",
            files: [
                "pylock.toml": """
                lock-version = "1.0"
                created-by = "test"
                requires-python = ">=3.9"
                extras = ["web"]
                dependency-groups = ["dev"]
                default-groups = ["dev"]

                [[packages]]
                name = "six"
                version = "1.16.0"
                wheels = [{ url = "https://e.org/six.whl", hashes = { sha256 = "aa" } }]

                [[packages]]
                name = "attrs"
                version = "1"
                marker = "'web' in extras or 'dev' in dependency_groups"
                index = "https://pypi.org/simple"
                sdist = { url = "https://e.org/attrs.tar.gz", hashes = { sha256 = "bb" } }

                [[packages]]
                name = "local"
                directory = { path = "lib", editable = true }

                [tool.other]
                x = 1
                """, "lib/setup.py": "setup()",
            ],
            harmless: [
                ("\"test\"", "\"other\""), ("x = 1", "x = 2"),
                ("[[packages]]\nname = \"six\"", "[[packages]]\n# c\nname = 'Six'"),
                ("{ sha256 = \"aa\" }", "{sha256='aa'}"),
            ],
            telling: [
                ("1.16.0", "1.17.0"), ("\"aa\"", "\"ab\""), ("'dev' in", "'docs' in"), (">=3.9", ">=3.10"),
                ("editable = true", "editable = false"), ("default-groups = [\"dev\"]", "default-groups = []"),
                ("https://pypi.org/simple", "https://example.org/simple"),
            ], included: ("lib/setup.py", "setup(name='x')"),
            malformed: ("lock-version = \"1.0\"\n[[packages]\n", 2, 12), isEmptyFine: false,
            filler: ("lock-version = '1.0'\n", "# comment comment comment comment\n")),
        SampleFormat(
            name: "requirements.in",
            files: [
                "requirements.in": "six\nidna>=3 # c\n-r more.in\n", "more.in": "attrs\n",
                "requirements.txt": "six==1.16.0\nidna==3.4\nattrs==23.1.0\n    # via more.in\n",
            ],
            harmless: [("# c", ""), ("six\nidna>=3", "idna >=3\nsix")],
            telling: [("six", "six<2"), ("idna>=3", "idna>=3.1"), ("-r more.in\n", "")],
            included: ("more.in", "attrs<23\n"), malformed: ("six\n==\n", 2, nil), isEmptyFine: true,
            filler: ("six\n", "# comment comment comment comment\n")),
        SampleFormat(
            name: "requirements/dev.txt",
            files: [
                "requirements/dev.txt": "-r base.txt\npytest # c\n", "requirements/base.txt": "six\n",
                "requirements/prod.txt": "gunicorn",
            ],
            harmless: [("# c", ""), ("-r base.txt", "--requirement base.txt")], telling: [("pytest", "pytest>8")],
            included: ("requirements/base.txt", "six<2\n"), malformed: ("six\n==\n", 2, nil), isEmptyFine: true,
            filler: ("six\n", "# comment comment comment comment\n")),
        SampleFormat(
            name: "setup.cfg",
            files: [
                "setup.cfg": """
                [metadata]
                name = sample
                description = prose
                version = attr: sample.VERSION
                [options]
                python_requires = >=3.9
                install_requires =
                    # c
                    six>=1
                    idna ; python_version > "3"
                dependency_links = file: links.txt
                [options.extras_require]
                web = attrs;click
                [flake8]
                max-line-length = 100
                """, "setup.py": "from setuptools import setup\nsetup()\n", "links.txt": "a",
            ],
            harmless: [
                ("prose", "other prose"), ("    # c\n", ""), ("= 100", "= 120"), ("six>=1\n", "six>=1\n\n"),
                ("[flake8]", "; comment\n[flake8]"), ("name = sample", "name=sample"),
            ],
            telling: [
                ("six>=1", "six>=1.1"), (">=3.9", ">=3.10"), ("attrs;click", "attrs"),
                ("name = sample", "name = other"),
                ("sample.VERSION", "sample.__version__"),
            ], included: ("links.txt", "b"), malformed: ("[metadata]\nname = x\nwhat is this\n", 3, 1),
            isEmptyFine: true,
            filler: ("[metadata]\nname = x\n", "# comment comment comment comment\n")),
        SampleFormat(
            name: "setup.py",
            files: [
                "setup.py": "from setuptools import setup\nsetup(install_requires=open('needs.txt').read())\n",
                "needs.txt": "six",
            ],
            harmless: [],
            telling: [("setup()", "setup( )"), ("needs.txt", "other.txt")].filter { $0.0 == "needs.txt" },
            included: ("needs.txt", "six<2"), malformed: ("", 0, nil), isEmptyFine: true,
            filler: ("", "# comment comment comment comment\n")),
        SampleFormat(
            name: "pyproject.toml",
            files: [
                "pyproject.toml": """
                [project]
                name = "sample"
                version = "1"
                dependencies = ["six"]
                [build-system]
                requires = ["hatchling"]
                build-backend = "hatchling.build"
                [tool.rye]
                managed = true
                dev-dependencies = ["iniconfig>=1"]
                [[tool.rye.sources]]
                name = "own"
                url = "https://example.org/simple"
                [tool.rye.scripts]
                run = "x"
                """, "requirements-dev.lock": "-e file:.\nsix==1.16.0\niniconfig==2.0.0\n    # via sample\n",
                "requirements.lock": "-e file:.\nsix==1.16.0\n",
            ],
            harmless: [
                ("run = \"x\"", "run = \"y\""), ("[\"iniconfig>=1\"]", "['Iniconfig >= 1'] # c"),
                ("managed = true", ""),
            ],
            telling: [
                ("iniconfig>=1", "iniconfig>=2"), ("[\"six\"]", "[\"six\", \"idna\"]"), ("example.org", "example.com"),
                ("managed = true", "virtual = true"), ("hatchling.build", "other.build"),
            ], included: ("requirements-dev.lock", "-e file:.\nsix==1.15.0\niniconfig==2.0.0\n"),
            malformed: ("[project]\nname = 'x'\n[tool.rye\n", 3, 10), isEmptyFine: false,
            filler: ("[project]\nname = 'x'\n[tool.rye]\n", "# comment comment comment comment\n")),
        SampleFormat(
            name: "envd.toml",
            files: [
                "envd.toml": "# c\ninputs = [\"needs.txt\"]\npython = \">=3.9\"\n", "needs.txt": "six\n",
                "other.txt": "idna\n",
                "requirements.txt": "click",
            ],
            harmless: [("# c", ""), ("[\"needs.txt\"]", "[ 'needs.txt', ]")],
            telling: [
                ("[\"needs.txt\"]", "[\"needs.txt\", \"other.txt\"]"), ("3.9", "3.10"),
                ("python =", "engine = \"pip\"\npython ="),
            ], included: ("needs.txt", "six<2"), malformed: ("groups = []\n inputs = 3\n", 2, 2), isEmptyFine: true,
            filler: ("", "# comment comment comment comment\n")),
    ]
}

@Suite("In every format")
struct FormatEditTests {
    private func fingerprint(_ files: [String: String]) throws -> Fingerprint {
        var spec = try SampleProject(files).spec()
        // Directories of tests differ in their names.
        if !spec.name.description.hasPrefix("sample") && spec.name != "other" { spec.name = "sample" }
        return Fingerprint(of: spec.canonicalEncoding)
    }

    @Test("an edit without meaning changes nothing, and one with meaning does", arguments: SampleFormat.all)
    func edits(format: SampleFormat) throws {
        let base = try fingerprint(format.files)
        let text = try #require(format.files[format.name])
        for (edits, isTelling) in [(format.harmless, false), (format.telling, true)] {
            for (old, new) in edits {
                try #require(text.contains(old), "\(old)")
                var files = format.files
                files[format.name] = text.replacing(old, with: new)
                #expect((try fingerprint(files) != base) == isTelling, "\(old) → \(new)")
            }
        }
    }

    @Test("an included file that changes counts and is watched", arguments: SampleFormat.all)
    func included(format: SampleFormat) throws {
        var files = format.files
        let project = try SampleProject(files)
        #expect(project.inputs.contains(format.included.name), "\(project.inputs)")
        files[format.included.name] = format.included.text
        #expect(try fingerprint(files) != fingerprint(format.files))
    }

    @Test("a malformed file is told with its line", arguments: SampleFormat.all.filter { $0.malformed.line > 0 })
    func malformed(format: SampleFormat) throws {
        var files = format.files
        files[format.name] = format.malformed.text
        let diagnostic = try SampleProject(files).diagnostic()
        #expect(diagnostic.location?.file.name.description == format.name.split(separator: "/").last.map(String.init))
        #expect(diagnostic.location?.line == format.malformed.line, "\(diagnostic)")
        if let column = format.malformed.column { #expect(diagnostic.location?.column == column, "\(diagnostic)") }
        #expect(diagnostic.hint != nil)
    }

    @Test("an empty file is read", arguments: SampleFormat.all)
    func empty(format: SampleFormat) throws {
        let project = try SampleProject([format.name: ""])
        switch project.reading.spec {
        case .success(let spec): #expect(format.isEmptyFine && spec.python.requirements.isEmpty)
        case .failure(let diagnostic): #expect(!diagnostic.message.isEmpty)
        }
    }

    /// One format for each grammar.
    static let grammars = SampleFormat.all.filter {
        ["Pipfile", "requirements.in", "setup.cfg", "setup.py"].contains($0.name)
    }

    @Test("a file of 10 MB is read in the end", arguments: grammars)
    func large(format: SampleFormat) throws {
        let project = try SampleProject(format.files)
        var bytes = Array(format.filler.prefix.utf8)
        let line = Array(format.filler.line.utf8)
        bytes.reserveCapacity(11 << 20)
        while bytes.count < 10 << 20 { bytes += line }
        try project.write(format.name, bytes)
        switch project.reading.spec {
        case .success: break
        case .failure(let diagnostic): #expect(diagnostic.message.hasPrefix("could not "), "\(diagnostic)")
        }
    }

    @Test("a file that vanishes leaves what else is there, or a message", arguments: SampleFormat.all)
    func vanished(format: SampleFormat) throws {
        let project = try SampleProject(format.files)
        _ = try project.spec()
        try FileSystem.remove(project.root / format.name)
        let reading = project.reading
        #expect(!reading.followed.contains(project.root / format.name))
        if case .failure(let diagnostic) = reading.spec { #expect(diagnostic.message.hasPrefix("could not ")) }
    }
}

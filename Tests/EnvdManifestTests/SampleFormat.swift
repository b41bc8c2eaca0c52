import Testing

/// One format with what people do to its file.
struct SampleFormat: Sendable, CustomTestStringConvertible {
    /// The file that is edited.
    var name: String
    /// What it is, where its name says too little.
    var kind = ""
    var files: [String: String]
    /// What is replaced by what in `name`, without and with a change of meaning.
    var harmless: [(String, String)]
    var telling: [(String, String)]
    /// A file that counts with it, and what it holds then.
    var included: (name: String, text: String)
    /// No such file, with the line and the column of what is wrong; line 0 where only the engine can tell: then it
    /// counts by its bytes.
    var malformed: (text: String, line: Int, column: Int?)
    /// Whether an empty file is a project without requirements.
    var isEmptyFine: Bool
    /// What one line of the file is repeated to for 10 MB.
    var filler: (prefix: String, line: String)
    /// Whether it is one of conda's, which are read where that is asked for.
    var isConda = false

    var testDescription: String { kind.isEmpty ? name : "\(kind): \(name)" }

    static let all = manifests + locks + conda

    /// A project with some files, read as the format wants it.
    func project(_ files: [String: String]) throws -> SampleProject {
        isConda ? try SampleProject(files) : try SampleProject(files)
    }

    static let manifests: [SampleFormat] = [
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
            name: "pyproject.toml", kind: "Rye",
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
        SampleFormat(
            name: "pyproject.toml", kind: "PEP 621",
            files: [
                "pyproject.toml": """
                # c
                [project]
                name = "sample"
                version = "1"
                dynamic = ["dependencies"]
                requires-python = ">=3.9"
                [build-system]
                requires = ["setuptools"]
                build-backend = "setuptools.build_meta"
                [tool.setuptools.dynamic]
                dependencies = { file = ["needs.txt"] }
                [dependency-groups]
                dev = ["pytest"]
                [tool.ruff]
                line-length = 100
                """, "needs.txt": "six\n",
            ],
            harmless: [("# c", ""), ("= 100", "= 120"), ("[\"pytest\"]", "[ 'pytest' ]")],
            telling: [
                ("[\"pytest\"]", "[\"pytest>8\"]"), (">=3.9", ">=3.10"), ("[\"setuptools\"]", "[\"setuptools<99\"]"),
            ],
            included: ("needs.txt", "six<2\n"), malformed: ("[project]\nname = \n", 2, 8), isEmptyFine: false,
            filler: ("[project]\nname = 'x'\nversion = '1'\n", "# comment comment comment comment\n")),
        SampleFormat(
            name: "pyproject.toml", kind: "Poetry",
            files: [
                "pyproject.toml": """
                [tool.poetry]
                package-mode = false
                description = "prose"
                [tool.poetry.dependencies]
                python = "^3.9"
                six = "^1.15" # c
                inner = { path = "inner" }
                [tool.poetry.group.dev.dependencies]
                pytest = "*"
                """, "inner/pyproject.toml": "[tool.poetry]\nname = 'inner'\nversion = '1'\n",
            ],
            harmless: [("# c", ""), ("\"prose\"", "'other'"), ("{ path = \"inner\" }", "{path='inner'}")],
            telling: [("^1.15", "^1.16"), ("^3.9", "^3.10"), ("pytest", "mypy")],
            included: ("inner/pyproject.toml", "[tool.poetry]\nname = 'inner'\nversion = '2'\n"),
            malformed: ("[tool.poetry]\nname = \n", 2, 8), isEmptyFine: false,
            filler: ("[tool.poetry]\npackage-mode = false\n", "# comment comment comment comment\n")),
        SampleFormat(
            name: "requirements.txt",
            files: ["requirements.txt": "-r more.txt\nsix>=1 # c\n", "more.txt": "idna\n"],
            harmless: [("# c", ""), ("six>=1", "Six >= 1"), ("-r more", "--requirement=more")],
            telling: [("six>=1", "six>=1.1"), ("-r more.txt\n", ""), ("six", "--pre\nsix")],
            included: ("more.txt", "idna<3\n"), malformed: ("six\n==\n", 2, nil), isEmptyFine: true,
            filler: ("six\n", "# comment comment comment comment\n")),
    ]
}

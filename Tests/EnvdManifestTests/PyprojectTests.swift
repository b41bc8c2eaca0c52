import EnvdCore
import EnvdManifest
import EnvdSystem
import Testing

@Suite("pyproject.toml")
struct PyprojectTests {
    @Test("gives a layer with everything normalised")
    func whole() throws {
        let project = try SampleProject([
            "pyproject.toml": """
            [project]
            name = "My_Project"
            version = "1.0"
            requires-python = " >=3.11 , <3.14"
            dependencies = ["Requests >=2", "numpy", "numpy"]
            [project.scripts]
            mine = "my_project:main"
            [dependency-groups]
            dev = ["pytest", {include-group = "Lint_Tools"}]
            lint-tools = ["ruff"]
            docs = ["sphinx"]
            [tool.uv]
            dev-dependencies = ["coverage"]
            index-url = "https://example.org/simple"
            [build-system]
            requires = ["hatchling"]
            build-backend = "hatchling.build"
            """
        ])
        let spec = try project.spec()
        #expect(spec.name == "My_Project")
        let layer = spec.python
        #expect(layer.format == .pyproject && layer.manifest == "pyproject.toml")
        #expect(layer.requiresPython == ["<3.14", ">=3.11"])
        #expect(layer.requirements == ["coverage", "numpy", "pytest", "requests>=2", "ruff"])
        #expect(layer.groups == ["dev"] && layer.extras.isEmpty && layer.lock == nil)
        #expect(layer.settings == .table(["index-url": .text("https://example.org/simple")]))
        #expect(layer.project?.name == "my-project")
        #expect(
            project.pythonInputs == [
                "pyproject.toml", "requirements.txt", "uv.lock", "poetry.lock", ".python-version", "uv.toml",
                "envd.toml",
                "Pipfile", "pylock.toml", "requirements.in", "setup.py", "setup.cfg", "runtime.txt",
            ])
        #expect(project.reading.followed == [project.root / "pyproject.toml"])
    }

    @Test(
        "chooses groups as uv does",
        arguments: [
            ("", ["dev"], ["d"]),
            ("[tool.uv]\ndefault-groups = []", [], []),
            ("[tool.uv]\ndefault-groups = ['Docs_X']", ["docs-x"], ["s"]),
            ("[tool.uv]\ndefault-groups = 'all'", ["dev", "docs-x"], ["d", "s"]),
            ("[tool.uv]\ndefault-groups = 'all'\n[tool.envd]\ngroups = ['docs-x']", ["docs-x"], ["s"]),
        ] as [(String, [String], [String])])
    func groups(settings: String, groups: [String], requirements: [String]) throws {
        let layer = try layer("pyproject.toml", "[dependency-groups]\nDev = ['d']\ndocs_x = ['s']\n\(settings)\n")
        #expect(layer.groups == groups)
        #expect(layer.requirements == requirements)
    }

    @Test("installs the extras that `[tool.envd]` names, and the project as that says")
    func envdTable() throws {
        let text = """
            [project]
            name = "p"
            version = "1"
            optional-dependencies = {Cli_X = ["click"], web = ["flask"]}
            [tool.envd]
            extras = ["cli.x"]
            project = "editable"
            python = "3.12.4"
            """
        let project = try SampleProject(["pyproject.toml": text, ".python-version": "3.11"])
        let layer = try project.layer()
        #expect(layer.extras == ["cli-x"] && layer.requirements == ["click"])
        #expect(layer.requiresPython == ["==3.12.4"])
        #expect(layer.project != nil)
        try project.write("pyproject.toml", text.replacing("editable", with: "none") + "\n[build-system]\n")
        #expect(try project.layer().project == nil)
    }

    @Test(
        "is a package with a build system or `package = true`, and none with `package = false`",
        arguments: [
            ("", false), ("[build-system]", true), ("[tool.uv]\npackage = true", true),
            ("[build-system]\n[tool.uv]\npackage = false", false),
        ])
    func package(tables: String, isPackage: Bool) throws {
        let layer = try layer("pyproject.toml", "[project]\nname = 'p'\nversion = '1'\n\(tables)\n")
        #expect((layer.project != nil) == isPackage)
    }

    @Test(
        "obeys a version in .python-version and passes over anything else",
        arguments: [
            ("3.12\n", ["==3.12.*"]), ("# c\r\n\r\ncpython-3.12\r\n3.11", ["==3.12.*"]),
            ("cpython@3.12.1", ["==3.12.1"]),
            ("python3.13", ["==3.13.*"]), ("3", ["==3.*"]), (">= 3.11, <3.13", ["<3.13", ">=3.11"]),
            ("/usr/bin/python3", nil), ("./python", nil), ("pypy@3.10", nil), ("3.13t", nil), ("myenv", nil),
            ("3..1", nil),
            ("\u{1F40D}", nil), ("3.12; rm -rf /", nil),
        ] as [(String, [String]?)])
    func pythonVersion(text: String, expected: [String]?) throws {
        let project = try SampleProject(["pyproject.toml": "[project]\nname='p'\n", ".python-version": text])
        #expect(try project.layer().requiresPython == expected ?? [])
        #expect(project.reading.passedOver.map(\.path) == (expected == nil ? [project.root / ".python-version"] : []))
    }

    @Test("watches path dependencies, workspace members and what dynamic metadata is read from")
    func inputs() throws {
        let project = try SampleProject([
            "pyproject.toml": """
            [project]
            name = "p"
            dynamic = ["version", "dependencies"]
            [build-system]
            requires = ["setuptools"]
            [tool.setuptools.dynamic]
            version = {attr = "p.core.__version__"}
            dependencies = {file = ["deps.txt"]}
            [tool.uv.sources]
            a = {path = "../a", editable = true}
            b = [{path = "libs/b", marker = "os_name == 'nt'"}, {workspace = true}]
            [tool.uv.workspace]
            members = ["packages/*", "tools/x?"]
            exclude = ["packages/old*"]
            """,
            "packages/one/pyproject.toml": "[project]\nname = 'one'\nversion='1'", "packages/old1/pyproject.toml": "",
            "packages/file": "", "tools/x1/pyproject.toml": "", "tools/y/pyproject.toml": "",
        ])
        let expected: Set = [
            "setup.py", "setup.cfg", "MANIFEST.in", "deps.txt", "p/core/__init__.py", "src/p/core.py",
            "libs/b/pyproject.toml", "packages/one/pyproject.toml", "tools/x1/pyproject.toml",
            "\(project.root.parent)/a/pyproject.toml",
        ]
        #expect(project.inputs.isSuperset(of: expected))
        #expect(!project.inputs.contains("packages/old1/pyproject.toml"))
        #expect(!project.inputs.contains("tools/y/pyproject.toml"))
        #expect(!project.inputs.contains("packages/file/pyproject.toml"))
        let before = try project.layer()
        try project.write("setup.py", "setup()")
        let after = try project.layer()
        #expect(after != before)
        try project.write("src/p/core.py", "import os\n__version__ = '1'\n")
        let versioned = try project.layer()
        #expect(versioned != after)
        try project.write("src/p/core.py", "import sys\n__version__ = '1'\n")
        #expect(try project.layer() == versioned)
    }

    @Test(
        "names the line of a mistake",
        arguments: [
            ("[project]\nversion = '1'\n", 1, "has no `name`"),
            ("[project]\nname = '-'\n", 2, "no name of a package"),
            ("project = 1\n", 1, "has to be a table"),
            ("[project]\nname = 'p'\nrequires-python = '^3.9'\n", 3, "`^3.9` is no version specifier"),
            ("[project]\nname = 'p'\ndependencies = [\n  'a', # b\n  'b ?',\n]\n", 5, "`?` is no version specifier"),
            ("[project]\nname = 'p'\ndependencies = ['a', 3]\n", 3, "has to be a text"),
            ("[project]\nname = 'p'\ndependencies = 'a'\n", 3, "has to be a list"),
            ("[dependency-groups]\ndev = [\n 'a',\n {include-group = 'gone'},\n]", 4, "`gone`"),
            (
                "[dependency-groups]\ndev = [{include-group = 'b'}]\nb = ['x', {include-group = 'Dev'}]", 3,
                "includes itself"
            ),
            ("[dependency-groups]\ndev = [{other = 'b'}]", 2, "neither a requirement"),
            ("[dependency-groups]\na-b = []\na_b = []\n", 3, "have one name"),
            ("[tool.uv]\ndev-dependencies = ['a', '=']\n", 2, "no requirement"),
            ("[dependency-groups]\na = []\n[tool.uv]\ndefault-groups = ['b']\n", 4, "`b` is not in"),
            ("[project]\nname = 'p'\n[tool.envd]\ngroups = []\ncolour = 1\n", 5, "`colour` is no key"),
            ("[project]\nname = 'p'\n[tool.envd]\npython = 'pypy'\n", 4, "has to be a version"),
            ("[project]\nname = 'p'\n[tool.envd]\nproject = 'wheel'\n", 4, "has to be \"editable\""),
            ("[project]\nname = 'p'\n[tool.envd]\nextras = ['x']\n", 4, "`x` is not in"),
            ("tool.envd = 3\n[project]\nname = 'p'\n", 1, "has to be a table"),
            ("[project]\nname = 'p'\ndependencies = [\n", 3, "a `[` is not closed"),
            ("[project]\nname = 'p\n", 2, "a string is not closed"),
            ("[project]\nname = 'p'\nname = 'q'\n", 3, "is defined twice"),
        ])
    func mistakes(text: String, line: Int, cause: String) throws {
        let project = try SampleProject(["pyproject.toml": text])
        let diagnostic = try project.diagnostic()
        #expect(diagnostic.location?.file == project.root / "pyproject.toml")
        #expect(diagnostic.location?.line == line, "\(diagnostic)")
        #expect(diagnostic.message.hasPrefix("could not read `pyproject.toml`: "))
        #expect(diagnostic.message.contains(cause), "\(diagnostic)")
        #expect(diagnostic.hint == "mend the file: it is read again when it is saved")
        #expect(project.inputs.isSuperset(of: ["pyproject.toml", "envd.toml"]))
    }

    @Test("is read through a byte order mark and with carriage returns")
    func windows() throws {
        let text = "\u{FEFF}[project]\r\nname = \"p\"\r\ndependencies = [\r\n \"a\",\r\n \"b c\"]\r\n"
        #expect(try SampleProject(["pyproject.toml": text]).diagnostic().location?.line == 5)
        #expect(try layer("pyproject.toml", text.replacing("b c", with: "b")).requirements == ["a", "b"])
    }
}

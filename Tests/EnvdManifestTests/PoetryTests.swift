import EnvdCore
import EnvdManifest
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("A Poetry project's manifest")
struct PoetryTests {
    static let base = """
        # a project
        [tool.poetry]
        name = "My_Project"
        version = "1.0"
        description = "prose"
        authors = ["A <a@example.org>"]
        packages = [{include = "mine", from = "src"}]

        [tool.poetry.scripts]
        mine = "mine:main"

        [tool.poetry.dependencies]
        python = "^3.9"
        Requests = {version = "^2.28", extras = ["Socks"]}
        numpy = [
            {version = "<2", python = "<3.12"},
            {version = ">=2", python = ">=3.12", platform = "linux || darwin"},
        ]
        local = {path = "../local", develop = true}
        tool = {git = "git@example.org:a/tool.git", tag = "v1", subdirectory = "sub"}
        archive = {url = "https://example.org/a.whl"}
        flask = {version = "~3.0", optional = true}
        tomli = {version = "*", markers = "python_version < '3.11' or extra == 'x'", python = ">=3.8,<3.13"}

        [tool.poetry.extras]
        web = ["flask"]

        [tool.poetry.group.dev.dependencies]
        pytest = "8.*"

        [tool.poetry.group.docs]
        optional = true
        include-groups = ["dev"]
        [tool.poetry.group.docs.dependencies]
        sphinx = "*"

        [[tool.poetry.source]]
        name = "inner"
        url = "https://example.org/simple"
        priority = "supplemental"

        [build-system]
        requires = ["poetry-core"]
        build-backend = "poetry.core.masonry.api"

        [tool.ruff]
        line-length = 100
        """

    @Test("gives a layer with everything normalised")
    func whole() throws {
        let project = try SampleProject(["pyproject.toml": Self.base])
        let spec = try project.spec()
        #expect(spec.name == "My_Project")
        let layer = spec.python
        #expect(layer.format == .poetry && layer.manifest == "pyproject.toml" && layer.lock == nil)
        #expect(layer.requiresPython == ["<4.0", ">=3.9"])
        #expect(layer.groups == ["dev", "main"] && layer.extras.isEmpty)
        #expect(
            layer.requirements == [
                "archive @ https://example.org/a.whl", "local @ ./../local",
                "numpy<2; python_version < \"3.12\"",
                "numpy>=2; python_version >= \"3.12\" and ((sys_platform == \"linux\") or (sys_platform == \"darwin\"))",
                "pytest==8.*", "requests[socks]<3.0,>=2.28",
                "tomli; (python_version < \"3.11\" or extra == \"x\") and python_version < \"3.13\" and python_version >= \"3.8\"",
                "tool @ git+ssh://git@example.org/a/tool.git@v1#subdirectory=sub",
            ])
        #expect(layer.project?.name == "my-project")
        #expect(
            PoetrySource.sources(of: layer) == [
                PoetrySource(name: "inner", url: "https://example.org/simple", priority: "supplemental")
            ])
        #expect(
            project.inputs.isSuperset(of: [
                "pyproject.toml", "poetry.lock", "uv.lock", ".python-version",
                "\(project.root.parent)/local/pyproject.toml",
            ]))
        #expect(project.reading.followed == [project.root / "pyproject.toml"])
    }

    @Test("installs the groups and extras that `[tool.envd]` names, and main in any case")
    func envdTable() throws {
        let more = Self.base + "\n[tool.envd]\ngroups = [\"Docs\"]\nextras = [\"web\"]\nproject = \"none\"\n"
        let layer = try layer("pyproject.toml", more)
        #expect(layer.groups == ["docs", "main"] && layer.extras == ["web"] && layer.project == nil)
        // The optional group includes the other one.
        #expect(Set(["flask<3.1,>=3.0", "pytest==8.*", "sphinx"]).isSubset(of: layer.requirements))
        for (key, cause) in [("groups = [\"x\"]", "no group `x`"), ("extras = [\"x\"]", "no extra `x`")] {
            let project = try SampleProject(["pyproject.toml": Self.base + "\n[tool.envd]\n\(key)\n"])
            #expect(try project.diagnostic().message == "could not read `pyproject.toml`: the project has \(cause)")
            #expect(
                try project.diagnostic().location?.line == Self.base.split(
                    separator: "\n", omittingEmptySubsequences: false
                ).count + 2)
        }
    }

    @Test("reads Poetry 2: `[project]`, groups of PEP 735, and what `[tool.poetry]` adds")
    func second() throws {
        let project = try SampleProject([
            "pyproject.toml": """
            [project]
            name = "p"
            version = "1"
            requires-python = ">=3.10"
            dependencies = ["idna (>=3,<4)", "lib"]
            [project.optional-dependencies]
            x = ["attrs>=22"]
            [dependency-groups]
            test = ["pytest", {include-group = "lint"}]
            lint = ["ruff"]
            [tool.poetry]
            requires-poetry = ">=2.0"
            [tool.poetry.dependencies]
            lib = {path = "libs/lib", develop = true}
            python = "<3.14"
            [tool.poetry.group.lint]
            optional = true
            [tool.envd]
            extras = ["x"]
            """
        ])
        let layer = try project.layer()
        #expect(layer.format == .poetry)
        #expect(layer.requiresPython == ["<3.14", ">=3.10"])
        #expect(layer.groups == ["main", "test"])
        #expect(layer.requirements == ["attrs>=22", "idna<4,>=3", "lib", "pytest", "ruff"])
        #expect(project.inputs.contains("libs/lib/pyproject.toml"))
    }

    @Test(
        "is Poetry's or the standard's by its tables and lock files",
        arguments: [
            (
                "[tool.poetry.dependencies]\npython = '*'\n[tool.poetry]\npackage-mode = false", "",
                PythonLayer.Format.poetry, ""
            ),
            ("[project]\nname = 'p'\nversion = '1'", "poetry.lock", .poetry, ""),
            ("[project]\nname = 'p'\nversion = '1'", "", .pyproject, ""),
            ("[project]\nname = 'p'\nversion = '1'", "poetry.lock uv.lock", .pyproject, "poetry.lock"),
            ("[project]\nname = 'p'\nversion = '1'\n[tool.poetry]\npackage-mode = false", "", .poetry, ""),
            ("[project]\nname = 'p'\nversion = '1'\n[tool.poetry]\npackage-mode = false", "uv.lock", .pyproject, ""),
            (
                "[project]\nname = 'p'\nversion = '1'\n[tool.poetry]\npackage-mode = false", "uv.lock poetry.lock",
                .poetry,
                "uv.lock"
            ),
            (
                "[project]\nname = 'p'\nversion = '1'\n[tool.poetry]\npackages = []\n[build-system]\nbuild-backend = 'poetry.core.masonry.api'",
                "", .poetry, ""
            ),
            (
                "[project]\nname = 'p'\nversion = '1'\n[tool.poetry]\npackages = []\n[tool.uv]\n[build-system]\nbuild-backend = 'poetry.core.masonry.api'",
                "", .pyproject, ""
            ),
            ("[dependency-groups]\ndev = []\n[tool.poetry]\npackage-mode = false", "poetry.lock", .poetry, ""),
        ])
    func owner(text: String, locks: String, format: PythonLayer.Format, passedOver: String) throws {
        var files = ["pyproject.toml": text]
        for lock in locks.split(separator: " ") { files[String(lock)] = "version = 1\n" }
        let project = try SampleProject(files)
        #expect(try project.layer().format == format)
        #expect(
            project.reading.passedOver.map { $0.path.name } == (passedOver.isEmpty ? [] : [ByteString(passedOver)]))
        #expect(project.inputs.isSuperset(of: ["poetry.lock", "uv.lock"]))
    }

    @Test("without a name is told, unless it is no package")
    func nameless() throws {
        let project = try SampleProject(["pyproject.toml": "[tool.poetry.dependencies]\nsix = '*'\n"])
        #expect(try project.diagnostic().message == "could not read `pyproject.toml`: the project has no `name`")
        #expect(try project.diagnostic().hint?.contains("`package-mode = false`") == true)
        try project.write("pyproject.toml", "[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\nsix='*'")
        #expect(try project.layer().requirements == ["six"])
        #expect(try project.layer().project == nil)
    }

    @Test(
        "with a mistake names it and its line",
        arguments: [
            ("pytest = \"8.*\"", "pytest = \"8.x\"", "in the dependency `pytest`, `8.x` is no version constraint"),
            ("pytest = \"8.*\"", "pytest = 8", "the dependency `pytest` has to be a constraint or a table"),
            ("pytest = \"8.*\"", "\"py test\" = \"8\"", "`py test` is no name of a package"),
            ("python = \"^3.9\"", "python = \"three\"", "in `python`, `three` is no version constraint"),
            (
                "include-groups = [\"dev\"]", "include-groups = [\"no\"]",
                "the group `no` that `docs` includes is not there"
            ),
            ("markers = \"python_version", "markers = \"python_verson", nil),
        ])
    func mistakes(old: String, new: String, cause: String?) throws {
        try #require(Self.base.contains(old))
        let project = try SampleProject(["pyproject.toml": Self.base.replacing(old, with: new)])
        let diagnostic = try project.diagnostic()
        if let cause { #expect(diagnostic.message == "could not read `pyproject.toml`: \(cause)") }
        let line = Self.base.split(separator: "\n", omittingEmptySubsequences: false).firstIndex { $0.contains(old) }
        #expect(abs((diagnostic.location?.line ?? 0) - (try #require(line) + 1)) <= 1)
    }

    @Test(
        "edited without meaning changes no fingerprint",
        arguments: [
            ("# a project", "# other"), ("\"prose\"", "'other'"), ("A <a@example.org>", "B <b@example.org>"),
            ("line-length = 100", "line-length = 120"),
            ("[tool.ruff]", "[tool.pytest.ini_options]\nx = 1\n[tool.ruff]"),
            ("pytest = \"8.*\"", "pytest='8.*' # c"),
            ("[tool.poetry.extras]\nweb = [\"flask\"]", "[tool.poetry.extras]\nweb = [\n  'flask',\n]"),
            ("version = \"1.0\"\ndescription", "version = '1.0'\nkeywords = ['k']\ndescription"),
            ("name = \"My_Project\"\nversion = \"1.0\"", "version = \"1.0\"\nname = \"My_Project\""),
        ])
    func withoutMeaning(old: String, new: String) throws {
        try #require(Self.base.contains(old))
        let edited = Self.base.replacing(old, with: new)
        #expect(try fingerprint(["pyproject.toml": edited]) == fingerprint(["pyproject.toml": Self.base]))
    }

    @Test(
        "edited in its meaning changes the fingerprint",
        arguments: [
            ("^2.28", "^2.29"), ("\"Socks\"", "\"Security\""), ("< '3.11'", "< '3.10'"), ("\"^3.9\"", "\"^3.10\""),
            ("develop = true", "develop = false"), ("../local", "../other"), ("\"v1\"", "\"v2\""),
            ("subdirectory = \"sub\"", "rev = \"sub\""), ("a.whl", "b.whl"), ("~3.0", "~3.1"), ("[\"flask\"]", "[]"),
            ("\"8.*\"", "\"7.*\""), ("optional = true\ninclude", "optional = false\ninclude"), ("sphinx", "furo"),
            ("example.org/simple", "example.org/other"), ("supplemental", "primary"), ("mine:main", "mine:other"),
            ("include = \"mine\"", "include = \"yours\""), ("\"1.0\"", "\"1.1\""), ("My_Project", "Other"),
            ("linux || darwin", "linux"), ("[\"poetry-core\"]", "[\"poetry-core<2\"]"),
            ("[tool.ruff]", "[tool.envd]\nextras = ['web']\n[tool.ruff]"),
            ("[tool.poetry.scripts]", "[tool.poetry.plugins.x]\na = \"b:c\"\n[tool.poetry.scripts]"),
        ])
    func withMeaning(old: String, new: String) throws {
        try #require(Self.base.contains(old))
        let edited = Self.base.replacing(old, with: new)
        #expect(try fingerprint(["pyproject.toml": edited]) != fingerprint(["pyproject.toml": Self.base]))
    }

    static let lock = """
        # This file is automatically @generated by Poetry 2.5.1 and should not be changed by hand.

        [[package]]
        name = "inner"
        version = "1"
        files = []

        [package.source]
        type = "directory"
        url = "../inner"

        [metadata]
        lock-version = "2.1"
        content-hash = "0"
        """

    @Test("counts its lock file by what that says, and watches the directories that it names")
    func lockFile() throws {
        func of(_ lock: String?) throws -> Fingerprint {
            var files = ["pyproject.toml": Self.base]
            files["poetry.lock"] = lock
            return try fingerprint(files)
        }
        let locked = try of(Self.lock)
        #expect(try of(Self.lock.replacing("by hand", with: "by feet").replacing("\n\n", with: "\n")) == locked)
        #expect(try of(Self.lock.replacing("version = \"1\"", with: "version = \"2\"")) != locked)
        #expect(try of(nil) != locked)
        #expect(try of(Self.lock + "=") != locked)
        #expect(try of("") != locked)
        let project = try SampleProject(["pyproject.toml": Self.base, "poetry.lock": Self.lock])
        #expect(try project.layer().lock?.path == "poetry.lock")
        #expect(project.inputs.contains("\(project.root.parent)/inner/pyproject.toml"))
        #expect(project.reading.followed == [project.root / "pyproject.toml", project.root / "poetry.lock"])
    }

    @Test("takes in a directory that it depends on: what that says counts, its prose does not")
    func included() throws {
        let project = try SampleProject([
            "pyproject.toml": "[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\na = {path = \"a\"}\n"
        ])
        func current() throws -> Fingerprint { Fingerprint(of: try project.spec().canonicalEncoding) }
        let without = try current()
        try project.write("a/pyproject.toml", "[tool.poetry]\nname = \"a\"\nversion = \"1\"\n")
        let with = try current()
        #expect(with != without)
        try project.write("a/pyproject.toml", "[tool.poetry]\nversion = '1'\nname = 'a' # c\ndescription = 'x'\n")
        #expect(try current() == with)
        try project.write(
            "a/pyproject.toml",
            "[tool.poetry]\nname = \"a\"\nversion = \"1\"\n[tool.poetry.dependencies]\nsix = \"*\"\n")
        #expect(try current() != with)
        try FileSystem.remove(project.root / "a")
        #expect(try current() == without)
    }

    @Test("that is damaged, empty, of 10 MB or gone is told")
    func hostile() throws {
        let project = try SampleProject(["pyproject.toml": "[tool.poetry]\nname = \n", "poetry.lock": Self.lock])
        #expect(try project.diagnostic().location?.line == 2)
        try project.write("pyproject.toml", "")
        #expect(try project.diagnostic().message.contains("neither `[project]` nor"))
        try project.write("pyproject.toml", "tool.poetry = 3\n")
        #expect(try project.diagnostic().message == "could not read `pyproject.toml`: `tool.poetry` has to be a table")
        let name = String(repeating: "package", count: 20)
        let entries = (0..<65_000).map { "\(name)-\($0) = \"^1.\($0 % 9)\"\n" }.joined()
        #expect(entries.utf8.count > 9 << 20)
        try project.write("pyproject.toml", "[tool.poetry.dependencies]\n" + entries)
        #expect(try project.diagnostic().message.contains("more than 10000 dependencies"))
        try project.write("pyproject.toml", Self.base + "\n[tool.other]\n" + entries)
        #expect(try project.layer().requirements.contains("pytest==8.*"))
        try project.write("pyproject.toml", Self.base)
        try project.write("poetry.lock", [0xFF, 0x00])
        #expect(try project.layer().lock != nil)
        try FileSystem.remove(project.root / "poetry.lock")
        try FileSystem.makeFifo(project.root / "poetry.lock")
        #expect(try project.layer().lock == nil)
        try FileSystem.remove(project.root / "pyproject.toml")
        #expect(try project.diagnostic().message.contains("there is no manifest in it"))
    }
}

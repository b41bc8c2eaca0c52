import EnvdCore
import EnvdManifest
import EnvdSystem
import Testing

@Suite("An edit")
struct EditTests {
    static let base = """
        # a project
        [project]
        name = "sample"
        version = "1.0"
        description = "prose"
        requires-python = ">=3.11,<4"
        dependencies = [
            "requests>=2,<3",
            "numpy ; python_version < '3.13'",
        ]

        [project.optional-dependencies]
        web = ["flask", "jinja2"]

        [project.scripts]
        sample = "sample:main"

        [build-system]
        requires = ["hatchling"]
        build-backend = "hatchling.build"

        [dependency-groups]
        dev = ["pytest>=8"]
        docs = ["sphinx"]

        [tool.uv]
        index-url = "https://example.org/simple"

        [tool.uv.sources]
        local = { path = "../local" }

        [tool.hatch.build]
        packages = ["src/sample"]

        [tool.ruff]
        line-length = 100
        """

    @Test(
        "that changes no meaning changes no fingerprint",
        arguments: [
            ("# a project", ""), ("# a project", "# another\n# comment"),
            (
                "\"requests>=2,<3\",\n    \"numpy ; python_version < '3.13'\",",
                "'numpy;python_version<\"3.13\"', 'Requests <3, >=2'"
            ),
            ("\"requests>=2,<3\"", "\"requests>=2,<3\", \"requests <3,>=2\""),
            (">=3.11,<4", " <4 , >=3.11 "), ("line-length = 100", "line-length = 120"),
            ("[tool.ruff]", "[tool.pytest.ini_options]\naddopts = '-q'\n[tool.ruff]"), ("\"prose\"", "'other'"),
            ("[\"flask\", \"jinja2\"]", "[\"jinja2\", \"Flask\"]"), ("version = \"1.0\"\n", "version = '1.0'\r\n"),
            ("name = \"sample\"\nversion = \"1.0\"", "version = \"1.0\"\nname = \"sample\""),
            ("[\"sphinx\"]", "[\"furo\"]"), ("{ path = \"../local\" }", "{path='../local'}"),
            ("[tool.uv]\n", "[tool.uv]\ncache-dir = '/x'\npreview = true\n"),
            ("[tool.hatch.build]", "[tool.hatch.envs.test]\nx = 1\n[tool.hatch.build]"),
            ("dev = [\"pytest>=8\"]", "dev = [{include-group = 'tests'}]\ntests = [\"pytest >= 8\"]"),
        ])
    func withoutMeaning(old: String, new: String) throws {
        try #require(Self.base.contains(old))
        let edited = Self.base.replacing(old, with: new)
        #expect(try fingerprint(["pyproject.toml": edited]) == fingerprint(["pyproject.toml": Self.base]))
    }

    @Test(
        "that changes the meaning changes the fingerprint",
        arguments: [
            ("\"requests>=2,<3\",", "\"requests>=2,<3\", \"attrs\","), ("\"requests>=2,<3\",", ""),
            ("< '3.13'", "< '3.14'"),
            ("numpy ;", "numpy[x] ;"), ("\"pytest>=8\"", "\"pytest>=7\""), (">=3.11,<4", ">=3.12,<4"),
            ("name = \"sample\"", "name = \"other\""), ("version = \"1.0\"", "version = \"1.1\""),
            ("sample:main", "sample:other"), ("\"hatchling\"]", "\"hatchling<2\"]"), ("src/sample", "src/other"),
            ("example.org/simple", "example.org/other"), ("../local", "../other"), ("\"flask\"", "\"quart\""),
            ("[tool.uv]\n", "[tool.uv]\npackage = false\n"), ("[tool.uv]\n", "[tool.uv]\ndefault-groups = ['docs']\n"),
            ("[tool.uv]\n", "[tool.uv]\ndev-dependencies = ['mypy']\n"),
            ("[tool.ruff]", "[tool.envd]\nextras = ['web']\n[tool.ruff]"),
            ("[build-system]", "[not-build-system]"),
        ])
    func withMeaning(old: String, new: String) throws {
        try #require(Self.base.contains(old))
        let edited = Self.base.replacing(old, with: new)
        #expect(try fingerprint(["pyproject.toml": edited]) != fingerprint(["pyproject.toml": Self.base]))
    }

    static let lock =
        "version = 1\n\n[[package]]\nname = \"a\"\nversion = \"1\"\nwheels = [\n  { url = \"u\", size = 3 },\n]\n"

    @Test("of uv.lock counts by what it says, and a damaged one by its bytes")
    func lockFile() throws {
        func of(_ lock: String?) throws -> Fingerprint {
            var files = ["pyproject.toml": Self.base]
            files["uv.lock"] = lock
            return try fingerprint(files)
        }
        let locked = try of(Self.lock)
        #expect(try of("# c\nversion=1\n[[package]]\nversion='1'\nname='a'\nwheels=[{size=3,url='u'}]") == locked)
        #expect(try of(Self.lock.replacing("size = 3", with: "size = 4")) != locked)
        #expect(try of(nil) != locked)
        #expect(try of(Self.lock + "=") != locked)
        #expect(try of(Self.lock + "=") == of(Self.lock + "="))
        let project = try SampleProject(["pyproject.toml": Self.base, "uv.lock": Self.lock])
        #expect(try project.layer().lock?.path == "uv.lock")
        #expect(project.reading.followed == [project.root / "pyproject.toml", project.root / "uv.lock"])
    }

    @Test("of a file beside it counts where uv reads it")
    func neighbours() throws {
        let base = try fingerprint(["pyproject.toml": Self.base])
        #expect(try fingerprint(["pyproject.toml": Self.base, ".python-version": "3.12"]) != base)
        #expect(try fingerprint(["pyproject.toml": Self.base, "uv.toml": "no-index = true"]) != base)
        #expect(try fingerprint(["pyproject.toml": Self.base, "uv.toml": "cache-dir = '/x'"]) == base)
        #expect(try fingerprint(["pyproject.toml": Self.base, "requirements.txt": "x"]) == base)
        #expect(try fingerprint(["pyproject.toml": Self.base, "setup.cfg": "x"]) == base)
    }

    @Test("of a requirements file counts by what it says")
    func requirements() throws {
        func of(_ text: String, _ included: String = "b") throws -> Fingerprint {
            try fingerprint(["requirements.txt": text, "more.txt": included])
        }
        let base = try of("a>=1,<2\nc ; os_name=='x'\n-r more.txt\n--pre\n-i https://example.org/one\n")
        #expect(
            try of(
                "--pre\n-i https://example.org/one # c\nc;os_name == \"x\"\n--requirement more.txt\nA <2, \\\n >=1\n")
                == base)
        let same = "a>=1,<2\nc ; os_name=='x'\n-r more.txt\n--pre\n-i https://example.org/one\n"
        #expect(try of(same, "# comment\nb\n") == base)
        #expect(try of(same, "b==1") != base)
        #expect(try of(same.replacing("--pre\n", with: "")) != base)
        #expect(try of(same.replacing("-r more", with: "-c more")) != base)
        #expect(try of(same.replacing("example.org/one", with: "example.org/two")) != base)
        #expect(try of(same + "-i https://example.org/two") != base)
    }
}

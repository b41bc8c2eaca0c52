import EnvdCore
import EnvdEngines
import EnvdManifest
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("A Poetry project, compared with what `poetry install` makes of it")
struct PoetryInstallTests {
    private static let backend = """

        [build-system]
        requires = ["poetry-core"]
        build-backend = "poetry.core.masonry.api"

        """

    private static let classic: String = {
        let place = Path(#filePath).parent.parent / "Fixtures/poetry/pyproject.toml"
        let text = (try? FileSystem.read(place)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        return text + "\n" + RealPoetry.source
    }()

    private static let module = ["demo/__init__.py": "def hello():\n    print('hello')\n"]

    @Test("groups, extras, markers and several constraints of one package")
    func classic() async throws {
        let project = try await PoetryProject(Self.module.merging(["pyproject.toml": Self.classic]) { $1 })
        try await project.lock()
        let before = try project.tree()
        let (prefix, resolution) = try await project.build()
        let mine = try await project.list(prefix)
        #expect(try await mine == project.reference())
        #expect(resolution.packages.keys.sorted() == ["idna", "iniconfig", "packaging"])
        #expect(mine.contains { $0.hasPrefix("packaging==24.") })
        #expect(resolution.unhashed.isEmpty)
        #expect(try project.tree() == before)
        #expect(!project.workshop.said.contains { $0.hasPrefix("poetry") })
        #expect(FileSystem.isExecutable(prefix / "bin/demo-hello"))
        #expect(try await project.workshop.python(prefix, "import demo; demo.hello()") == "hello\n")
        // The optional group and the extra, as `[tool.envd]` asks for them.
        let more = Self.classic + "\n[tool.envd]\ngroups = [\"docs\"]\nextras = [\"classes\"]\n"
        try project.workshop.write("pyproject.toml", more)
        try FileSystem.remove(project.workshop.directory.path / "reference")
        let second = try await project.build(2).prefix
        #expect(try await project.list(second) == project.reference(["--only", "main,docs", "--extras", "classes"]))
    }

    @Test("a lock file of Poetry 1, which has no groups and markers")
    func old() async throws {
        let project = try await PoetryProject(
            Self.module.merging(["pyproject.toml": Self.classic.replacing("idna = ", with: "build = \"^1.2\"\nidna = ")]
            ) { $1 }, poetry: RealPoetry.old)
        try await project.lock()
        let (prefix, resolution) = try await project.build()
        #expect(try await project.list(prefix) == project.reference())
        #expect(resolution.packages.keys.contains("pyproject-hooks"))
        #expect(!project.workshop.said.contains { $0.contains("stale") })
    }

    @Test("Poetry 2: `[project]`, dependency groups and optional dependencies")
    func second() async throws {
        let manifest =
            """
            [project]
            name = "demo"
            version = "0.1"
            requires-python = ">=3.9,<4"
            dependencies = ["idna (>=3.4,<4.0)", "colorama ; sys_platform == 'win32'"]
            [project.optional-dependencies]
            classes = ["attrs"]
            [dependency-groups]
            dev = ["iniconfig"]
            lint = [{include-group = "dev"}, "packaging"]
            more = ["six"]
            [tool.poetry.group.more]
            optional = true
            [tool.poetry]
            packages = [{include = "demo"}]
            """ + Self.backend + RealPoetry.source
        let project = try await PoetryProject(Self.module.merging(["pyproject.toml": manifest]) { $1 })
        try await project.lock()
        let (prefix, resolution) = try await project.build()
        #expect(try await project.list(prefix) == project.reference())
        #expect(resolution.packages.keys.sorted() == ["idna", "iniconfig", "packaging"])
        #expect(!project.workshop.said.contains { $0.contains("stale") })
    }

    @Test("directories, files, git and URLs; and no package of its own")
    func addresses() async throws {
        let project = try await PoetryProject()
        let workshop = project.workshop
        func library(_ place: String, _ name: String, _ dependencies: String) throws {
            try workshop.directory.write(
                "\(place)/pyproject.toml",
                """
                [tool.poetry]
                name = "\(name)"
                version = "0.3"
                description = ""
                authors = []
                [tool.poetry.dependencies]
                python = ">=3.9"
                \(dependencies)
                """ + Self.backend)
            try workshop.directory.write("\(place)/\(name)/__init__.py", "")
        }
        try library("nested", "nested", "six = \"*\"")
        try library("outside", "outside", "nested = {path = \"../nested\"}")
        try library("project/inside", "inside", "idna = \"*\"")
        try library("repository", "versioned", "iniconfig = \"*\"")
        for arguments in [["init", "-q"], ["add", "."], ["commit", "-qm", "one"]] {
            let identity = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]
            let result = await PlainCommandRunner().run(
                Command(
                    executable: "/usr/bin/git", arguments: (identity + arguments).map { ByteString($0) },
                    environment: ["PATH": "/usr/bin:/bin", "HOME": workshop.directory.path.bytes],
                    workingDirectory: workshop.directory.path / "repository", writable: nil), onLine: { _ in })
            try #require(result.succeeded)
        }
        let wheel = try await attrsWheel(workshop)
        try workshop.write(
            "pyproject.toml",
            """
            [tool.poetry]
            package-mode = false
            [tool.poetry.dependencies]
            python = "^3.9"
            outside = {path = "../outside", develop = true}
            inside = {path = "./inside"}
            versioned = {git = "file://\(workshop.directory.path)/repository"}
            attrs = {path = "../wheels/\(wheel.name)"}
            """ + RealPoetry.source)
        // Missing at first: Poetry resolves outside the project.
        let before = try project.tree()
        let (_, made) = try await project.build()
        #expect(try project.tree() == before)
        #expect(made.unhashed.contains("-e file://\(workshop.directory.path)/outside\n"))
        #expect(made.unhashed.contains("nested @ file://\(workshop.directory.path)/nested\n"))
        try await project.lock()
        let (prefix, resolution) = try await project.build(2)
        #expect(try await project.list(prefix) == project.reference())
        #expect(resolution.packages == made.packages)
        let names = ["attrs", "idna", "iniconfig", "inside", "nested", "outside", "six", "versioned"]
        #expect(resolution.packages.keys.sorted() == names)
    }

    private func attrsWheel(_ workshop: Workshop) async throws -> Path {
        let wheels = workshop.directory.path / "wheels"
        let result = await PlainCommandRunner().run(
            Command(
                executable: "/usr/bin/env",
                arguments: ["python3", "-m", "pip", "download", "-q", "--no-deps", "-d", wheels.bytes, "attrs"],
                environment: ProcessEnvironment.all(), workingDirectory: "/", writable: nil), onLine: { _ in })
        try #require(result.succeeded)
        return wheels.appending(Path(try #require(try FileSystem.list(wheels).first)))
    }

    @Test("a project without a build system is Poetry's to build all the same")
    func withoutBuildSystem() async throws {
        let manifest = Self.classic.replacing(Self.backend, with: "\n")
        let project = try await PoetryProject(Self.module.merging(["pyproject.toml": manifest]) { $1 })
        try await project.lock()
        let before = try project.tree()
        let (prefix, _) = try await project.build()
        #expect(try await project.list(prefix) == project.reference())
        #expect(try project.tree() == before)
        #expect(try await project.workshop.python(prefix, "import demo; demo.hello()") == "hello\n")
    }

    @Test("a project that has no module gets its environment without it, and is told")
    func withoutModule() async throws {
        let project = try await PoetryProject(["pyproject.toml": Self.classic])
        try await project.lock()
        let (prefix, _) = try await project.build()
        #expect(try await project.list(prefix) == project.reference(["--no-root"]))
        #expect(project.workshop.said.contains("the project is left out: it has no module `demo` to install"))
    }
}

import EnvdCore
import EnvdEngines
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("pip resolves and installs")
struct PipEngineTests {
    @Test("a layer becomes a prefix with exact versions, hashes and the project itself")
    func whole() async throws {
        let workshop = try await Workshop()
        let pip = try #require(await MachinePip(excluding: []).engine(workshop.context()))
        try workshop.write(
            "pyproject.toml",
            """
            [project]
            name = "demo"
            version = "1"
            [build-system]
            requires = ["setuptools"]
            build-backend = "setuptools.build_meta"
            [tool.setuptools]
            py-modules = ["demo"]
            """)
        try workshop.write("demo.py", "answer = 42\n")
        var layer = PythonLayer.pyproject(["iniconfig", "six<1.16"])
        layer.project = EditableProject(name: "demo", metadata: .table([:]))
        let earlier = Resolution(hashed: "six==1.14.0 --hash=sha256:00\n", unhashed: "", packages: [:])
        let context = try workshop.context()
        let resolution = try await pip.resolve(
            layer, root: workshop.root, interpreter: workshop.interpreter, preferring: earlier, context: context)
        #expect(resolution.packages["six"] == "1.14.0")
        #expect(resolution.packages.keys.sorted() == ["iniconfig", "six"])
        #expect(resolution.hashed.contains("--hash=sha256:"))
        let prefix = workshop.generation(1)
        try FileSystem.makeDirectories(prefix.parent)
        try await pip.install(
            resolution, layer: layer, root: workshop.root, name: "demo", interpreter: workshop.interpreter,
            into: prefix,
            context: context)
        try await PrefixVerification.verify(
            prefix, resolution: resolution, interpreter: workshop.interpreter, context: context)
        #expect(try await workshop.python(prefix, "import six, iniconfig, demo; print(demo.answer)") == "42\n")
    }

    @Test("the indexes and links that pyproject.toml names for uv count for pip, too")
    func indexes() {
        var layer = PythonLayer(format: .pyproject, manifest: "pyproject.toml")
        layer.settings = .table([
            "index": .list([
                .table(["url": .text("https://a.example/simple"), "default": .truth(true)]),
                .table(["url": .text("https://b.example/simple")]),
                .table(["url": .text("https://c.example/simple"), "explicit": .truth(true)]),
            ]),
            "find-links": .list([.text("wheels")]), "no-index": .truth(false),
        ])
        #expect(
            IndexOptions.header(forPip: layer, root: "/p").split(separator: "\n").sorted() == [
                "--extra-index-url https://b.example/simple", "--extra-index-url https://c.example/simple",
                "--find-links /p/wheels", "--index-url https://a.example/simple",
            ])
        layer.settings = .table([
            "envd.uv.toml": .table(["no-index": .truth(true)]), "index-url": .text("https://d.example"),
        ])
        #expect(IndexOptions.header(forPip: layer, root: "/p") == "--no-index\n")
    }

    @Test("its failures name the cause and the way out")
    func failures() async throws {
        let workshop = try await Workshop()
        let pip = try #require(await MachinePip(excluding: []).engine(workshop.context()))
        try workshop.write("requirements.txt", "envd-no-such-package\n")
        let context = try workshop.context()
        let unknown = try await workshop.failure {
            _ = try await pip.resolve(
                .requirements(["envd-no-such-package"]), root: workshop.root, interpreter: workshop.interpreter,
                preferring: nil, context: context)
        }
        #expect(unknown.message.contains("envd-no-such-package"))
        #expect(unknown.hint == "check the name in requirements.txt")
        var offline = try workshop.offline()
        offline.temporary = context.temporary
        let network = try await workshop.failure {
            _ = try await pip.resolve(
                .requirements(["idna"]), root: workshop.root, interpreter: workshop.interpreter, preferring: nil,
                context: offline)
        }
        #expect(network.hint?.hasPrefix("check the network or proxy") == true)
        #expect(network.needsNetwork == true)
    }
}

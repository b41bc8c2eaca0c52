import EnvdCore
import EnvdEngines
import EnvdManifest
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("A project of uv's, compared with what `uv sync` makes of it")
struct UvParityTests {
    /// uv in the project, with an environment of its own.
    private func uv(_ workshop: Workshop, _ arguments: [ByteString], in place: Path? = nil) async throws -> Path {
        let real = workshop.directory.path / "real"
        try await workshop.run(
            workshop.engine.executable, arguments + ["-q", "--python", workshop.interpreter.path.bytes],
            ["UV_PROJECT_ENVIRONMENT": real.bytes], in: place)
        return real
    }

    @Test("groups, extras, markers, constraints, overrides and the project itself, with a lock file and without")
    func project() async throws {
        let workshop = try await Workshop()
        try workshop.take("uv-project")
        let unlocked = try await workshop.build()
        _ = try await uv(workshop, ["lock"])
        let real = try await uv(workshop, ["sync", "--locked"])
        let layer = try ManifestReader.read(workshop.root).spec.get().python
        #expect(layer.lock?.path == "uv.lock")
        let own = try await workshop.install(try await workshop.resolve(layer), layer, as: 2)
        let names = try await workshop.expectSame(own, real)
        try await workshop.expectSame(unlocked, real)
        #expect(names.contains("inner==0.5") && names.contains { $0.hasPrefix("sortedcontainers==") })
        #expect(names.contains { $0.hasPrefix("mccabe==") } && names.contains { $0.hasPrefix("pysocks==") })
        #expect(!names.contains { $0.hasPrefix("click==") || $0.hasPrefix("colorama==") })
        #expect(!workshop.said.contains { $0.contains("stale") })
        // As `[tool.envd]` asks for it.
        try workshop.write("envd.toml", "groups = ['test']\nextras = ['web']\n")
        let other = try ManifestReader.read(workshop.root).spec.get().python
        let third = try await workshop.install(try await workshop.resolve(other), other, as: 3)
        _ = try await uv(workshop, ["sync", "--locked", "--no-default-groups", "--group", "test", "--extra", "web"])
        #expect(try await workshop.expectSame(third, real).contains { $0.hasPrefix("click==") })
    }

    @Test("a member of a workspace: its lock file, its constraints and the other members are the workspace's")
    func member() async throws {
        let workshop = try await Workshop(root: "workspace/packages/app")
        try workshop.take("uv-workspace", at: "workspace")
        let whole = workshop.directory.path / "workspace"
        _ = try await uv(workshop, ["lock"])
        let lock = try FileSystem.read(whole / "uv.lock")
        let real = try await uv(workshop, ["sync", "--locked"])
        let reading = ManifestReader.read(workshop.root)
        let layer = try reading.spec.get().python
        #expect(layer.lock?.path == "../../uv.lock")
        #expect(reading.followed.contains(whole / "uv.lock") && reading.followed.contains(whole / "pyproject.toml"))
        #expect(reading.inputs.contains { $0.path == whole / "packages/lib/pyproject.toml" })
        let resolution = try await workshop.resolve(layer)
        let own = try await workshop.install(resolution, layer, as: 1)
        let names = try await workshop.expectSame(own, real)
        #expect(names.count == 5 && names.contains("six==1.16.0"), "\(names)")
        #expect(!workshop.said.contains { $0.contains("stale") || $0.hasPrefix("uv pip compile") })
        let place = try await workshop.python(own, "import workspace_lib; print(workspace_lib.__file__)")
        #expect(place.hasPrefix("\(whole)/packages/lib/src/"))
        // Another member that wants more makes the lock file stale, and this member's environment another one.
        let manifest = whole / "packages/lib/pyproject.toml"
        let text = String(decoding: try FileSystem.read(manifest), as: UTF8.self)
        try FileSystem.replace(manifest, with: Array(text.replacing("[\"attrs\"]", with: "[\"attrs\", \"idna\"]").utf8))
        let spec = try ManifestReader.read(workshop.root).spec.get()
        #expect(try spec != reading.spec.get())
        let changed = try await workshop.resolve(spec.python)
        #expect(changed.packages["idna"] != nil && changed.packages["six"] == "1.16.0")
        #expect(changed.staleLock == "uv.lock")
        #expect(try FileSystem.read(whole / "uv.lock") == lock)
    }

    @Test("the root of a workspace, and a directory that its workspace leaves out")
    func workspaceRoot() async throws {
        let workshop = try await Workshop(root: "workspace")
        try workshop.take("uv-workspace")
        _ = try await uv(workshop, ["lock"])
        let real = try await uv(workshop, ["sync", "--locked"])
        let own = try await workshop.build()
        #expect(try await workshop.expectSame(own, real).map { $0.prefix { $0 != "=" } } == ["tabulate"])
        for (name, isMember) in [("packages/none", false), ("elsewhere", false), ("packages/more", true)] {
            try workshop.write(
                "../workspace/\(name)/pyproject.toml", "[project]\nname = 'x'\nversion = '1'\ndependencies = ['six']\n")
            let reading = ManifestReader.read(workshop.root / name)
            #expect((try reading.spec.get().python.lock != nil) == isMember, "\(name)")
            #expect(reading.inputs.contains { $0.path == workshop.root / "pyproject.toml" } == isMember, "\(name)")
        }
    }

    @Test(
        "each build system installs the project, editable",
        arguments: [
            ("setuptools", "setuptools.build_meta", "[tool.setuptools]\npackages = ['sample']"),
            ("hatchling", "hatchling.build", "[tool.hatch.build.targets.wheel]\npackages = ['sample']"),
            ("flit_core>=3.4", "flit_core.buildapi", ""), ("pdm-backend", "pdm.backend", ""),
            ("poetry-core>=2", "poetry.core.masonry.api", ""),
        ])
    func backend(requirement: String, backend: String, table: String) async throws {
        let workshop = try await Workshop()
        try workshop.write("sample/__init__.py", "\"\"\"A sample.\"\"\"\n__version__ = '1.5'\n")
        try workshop.write(
            "pyproject.toml",
            """
            [project]
            name = "sample"
            version = "1.5"
            description = "A sample"
            dependencies = ["six"]
            [project.scripts]
            sample-says = "sample:__doc__.strip"
            [build-system]
            requires = ["\(requirement)"]
            build-backend = "\(backend)"
            \(table)
            """)
        let own = try await workshop.build()
        let real = try await uv(workshop, ["sync"])
        let names = try await workshop.expectSame(own, real)
        #expect(names.contains("sample==1.5") && names.count == 2)
        #expect(FileSystem.isExecutable(own / "bin/sample-says"))
        let place = try await workshop.python(own, "import sample; print(sample.__file__)")
        #expect(place.hasPrefix(workshop.root.description))
    }
}

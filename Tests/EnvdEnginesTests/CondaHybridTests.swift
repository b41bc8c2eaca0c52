import EnvdCore
import EnvdEngines
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("A Python layer on top of a conda prefix", .serialized)
struct CondaHybridTests {
    /// A prefix of conda's, with Python, six 1.15.0 and a package that no index has.
    private func prefix(_ workshop: CondaWorkshop, as number: Int = 1) async throws -> Path {
        try await workshop.build(["python", "six", "demo-tool"], as: number)
        return workshop.workshop.generation(number)
    }

    /// The user's index and the cache that all tests share.
    private func context(_ workshop: CondaWorkshop) throws -> EngineContext { try workshop.workshop.context() }

    private func version(_ workshop: CondaWorkshop, _ prefix: Path, _ name: String) async throws -> String {
        try await workshop.workshop.python(
            prefix, "import importlib.metadata as m; print(m.version('\(name)'), end='')")
    }

    @Test("conda's Python packages are constraints, those of uv are not")
    func constraints() async throws {
        let workshop = try await CondaWorkshop()
        let prefix = try await prefix(workshop)
        #expect(CondaPythonPackages(of: prefix).constraints == "demo-tool==1.0\nsix==1.15.0\n")
        let site = try #require(SitePackages.directory(of: prefix))
        for (name, installer) in [("old_style-2.0-py3.11.egg-info", nil), ("From_uv-1.0.dist-info", "uv\n")] {
            try FileSystem.makeDirectories(site / name)
            if let installer { try FileSystem.replace(site / "\(name)/INSTALLER", with: Array(installer.utf8)) }
        }
        #expect(CondaPythonPackages(of: prefix).constraints == "demo-tool==1.0\nold-style==2.0\nsix==1.15.0\n")
    }

    @Test("a package without a wheel is asked for on top of conda's, too, and built where it was allowed")
    func sourceDistributions() async throws {
        let workshop = try await CondaWorkshop()
        let (uv, root) = (workshop.workshop.engine, workshop.workshop.root)
        let prefix = try await prefix(workshop)
        let links = workshop.workshop.directory.path / "links"
        for name in ["alpha-sdist", "beta-sdist"] {
            try SourceDistribution(name, canary: links / "canary").publish(in: links)
        }
        var layer = PythonLayer.requirements(["alpha-sdist", "beta-sdist", "six"])
        layer.options = ["--find-links \(links)"]
        let lines = layer.options + layer.requirements
        try workshop.workshop.write("requirements.txt", lines.map { $0 + "\n" }.joined())
        func context(_ names: Set<String>) throws -> EngineContext {
            var context = try self.context(workshop)
            context.sourceBuilds = .named(names)
            return context
        }
        let refused = try await workshop.workshop.failure {
            _ = try await uv.resolve(layer, root: root, onto: prefix, context: context([]))
        }
        #expect(refused.asks?.map(\.source.text) == ["alpha-sdist", "beta-sdist"])
        #expect(!FileSystem.exists(links / "canary"))
        let both: Set<String> = ["alpha-sdist", "beta-sdist"]
        let resolution = try await uv.resolve(layer, root: root, onto: prefix, context: context(both))
        #expect(resolution.packages.keys.sorted() == ["alpha-sdist", "beta-sdist"])
        try FileSystem.remove(links / "canary")
        let install = try await workshop.workshop.failure {
            try await uv.install(resolution, layer: layer, root: root, onto: prefix, context: context(["alpha-sdist"]))
        }
        #expect(install.asks?.map(\.source.text) == ["beta-sdist"])
        #expect(!FileSystem.exists(links / "canary"))
        try await uv.install(resolution, layer: layer, root: root, onto: prefix, context: context(both))
    }

    @Test("packages of the index come on top, hashed, and what conda installed is not replaced")
    func onTop() async throws {
        let workshop = try await CondaWorkshop()
        let uv = workshop.workshop.engine
        let prefix = try await prefix(workshop)
        let context = try context(workshop)
        let layer = PythonLayer.requirements(["python-dateutil==2.8.2", "iniconfig", "demo-tool"])
        try workshop.workshop.write("requirements.txt", layer.requirements.map { $0 + "\n" }.joined())
        let resolution = try await uv.resolve(layer, root: workshop.workshop.root, onto: prefix, context: context)
        #expect(resolution.packages.keys.sorted() == ["iniconfig", "python-dateutil"])
        #expect(resolution.hashed.contains("python-dateutil==2.8.2") && resolution.hashed.contains("--hash=sha256:"))
        #expect(resolution.unhashed.isEmpty)
        try await uv.install(resolution, layer: layer, root: workshop.workshop.root, onto: prefix, context: context)
        #expect(try await version(workshop, prefix, "six") == "1.15.0")
        #expect(try await version(workshop, prefix, "python-dateutil") == "2.8.2")
        #expect(try workshop.read("conda-meta/six-1.15.0-pyh_0.json").contains("1.15.0"))
        #expect(try await workshop.run("bin/demo-tool") == "the tool runs\n")
        #expect(try await workshop.workshop.python(prefix, "import dateutil, iniconfig, six") == "")
        #expect(CondaPythonPackages(of: prefix).versions.keys.sorted() == ["demo-tool", "six"])
        // The same again needs no index.
        let second = try await self.prefix(workshop, as: 2)
        try await uv.install(
            resolution, layer: layer, root: workshop.workshop.root, onto: second,
            context: workshop.workshop.withoutNetwork())
        #expect(try await version(workshop, second, "python-dateutil") == "2.8.2")
    }

    @Test("earlier versions stay where they fit, and give way where they do not")
    func preferring() async throws {
        let workshop = try await CondaWorkshop()
        let prefix = try await prefix(workshop)
        let layer = PythonLayer.requirements(["iniconfig"])
        try workshop.workshop.write("requirements.txt", "iniconfig\n")
        let old = Resolution(hashed: "iniconfig==1.1.1\nsix==1.16.0\n", unhashed: "", packages: [:])
        let kept = try await workshop.workshop.engine.resolve(
            layer, root: workshop.workshop.root, onto: prefix, preferring: old, context: context(workshop))
        #expect(kept.packages == ["iniconfig": "1.1.1"])
        try workshop.workshop.write("requirements.txt", "iniconfig>=2\n")
        let newer = try await workshop.workshop.engine.resolve(
            layer, root: workshop.workshop.root, onto: prefix, preferring: old, context: context(workshop))
        #expect(newer.packages["iniconfig"]?.hasPrefix("2.") == true)
    }

    @Test("the project itself is installed editable")
    func editable() async throws {
        let workshop = try await CondaWorkshop()
        let prefix = try await prefix(workshop)
        try workshop.workshop.write(
            "pyproject.toml",
            """
            [project]
            name = "demo"
            version = "1"
            dependencies = ["six"]
            [build-system]
            requires = ["setuptools"]
            build-backend = "setuptools.build_meta"
            [tool.setuptools]
            py-modules = ["demo"]
            """)
        try workshop.workshop.write("demo.py", "import six\nanswer = six.__version__\n")
        let layer = PythonLayer.pyproject(
            ["six"], project: EditableProject(name: "demo", metadata: .table([:])))
        let uv = workshop.workshop.engine
        let resolution = try await uv.resolve(
            layer, root: workshop.workshop.root, onto: prefix, context: context(workshop))
        #expect(resolution.packages.isEmpty)
        try await uv.install(
            resolution, layer: layer, root: workshop.workshop.root, onto: prefix, context: context(workshop))
        let said = try await workshop.workshop.python(prefix, "import demo; print(demo.answer, demo.__file__)")
        #expect(said == "1.15.0 \(workshop.workshop.root)/demo.py\n")
    }

    @Test("an editable of the list stays editable, and a lock's version gives way to conda's")
    func localAndLocked() async throws {
        let workshop = try await CondaWorkshop()
        let prefix = try await prefix(workshop)
        try workshop.workshop.write(
            "lib/setup.py", "from setuptools import setup\nsetup(name='near', version='1', py_modules=['near'])\n")
        try workshop.workshop.write("lib/near.py", "")
        try workshop.workshop.write("requirements.txt", "-e ./lib\n")
        let layer = PythonLayer.requirements(["-e ./lib"])
        let resolution = try await workshop.workshop.engine.resolve(
            layer, root: workshop.workshop.root, onto: prefix, context: context(workshop))
        #expect(resolution.unhashed == "-e file://\(workshop.workshop.root)/lib\n")
        let hash = String(repeating: "0", count: 64)
        let locked = PythonLayer(
            format: .pylock, manifest: "pylock.toml",
            requirements: ["six==1.16.0 --hash=sha256:\(hash)", "iniconfig==2.0.0 --hash=sha256:\(hash)"])
        let exact = try await workshop.workshop.engine.resolve(
            locked, root: workshop.workshop.root, onto: prefix, context: context(workshop))
        #expect(exact.packages == ["iniconfig": "2.0.0"] && !exact.hashed.contains("six"))
        #expect(workshop.workshop.said.contains("six 1.15.0 is conda's and stays: 1.16.0 is not installed"))
    }

    @Test("what cannot live with conda's version is refused, with the reason")
    func conflict() async throws {
        let workshop = try await CondaWorkshop()
        let prefix = try await prefix(workshop)
        try workshop.workshop.write("requirements.txt", "six>=1.16\n")
        let failure = try await workshop.workshop.failure {
            _ = try await workshop.workshop.engine.resolve(
                .requirements(["six>=1.16"]), root: workshop.workshop.root, onto: prefix, context: context(workshop))
        }
        #expect(failure.message.hasPrefix("could not resolve `requirements.txt`: "))
        #expect(failure.message.contains("six==1.15.0") || failure.message.contains("six>=1.16"))
        #expect(try await version(workshop, prefix, "six") == "1.15.0")
    }

    @Test("a conda prefix without Python says what to add")
    func noPython() async throws {
        let workshop = try await CondaWorkshop()
        try await workshop.build(["layered"])
        let failure = try await workshop.workshop.failure {
            _ = try await workshop.workshop.engine.resolve(
                .requirements(["six"]), root: workshop.workshop.root, onto: workshop.workshop.generation(1),
                context: context(workshop))
        }
        #expect(failure.message == "could not install `requirements.txt`: the conda packages bring no python")
    }
}

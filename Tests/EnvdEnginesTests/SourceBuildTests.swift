import EnvdCore
import EnvdEngines
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("Source distributions that nobody allowed are not built")
struct SourceBuildTests {
    /// A workshop beside packages that are published as source alone.
    final class Site {
        let workshop: Workshop
        let links: Path
        var canary: Path { links / "canary" }
        var ran: Bool { FileSystem.exists(canary) }

        init() async throws {
            workshop = try await Workshop()
            links = workshop.directory.path / "links"
            try FileSystem.makeDirectories(links)
        }

        func publish(_ name: String, _ version: String = "1.0", needs: [String] = []) throws {
            try SourceDistribution(name, version, needs: needs, canary: canary).publish(in: links)
        }

        func context(_ names: Set<String>) throws -> EngineContext {
            var context = try workshop.context()
            context.sourceBuilds = .named(names)
            return context
        }

        /// A requirements file of the project, as a layer.
        func layer(_ requirements: [String]) throws -> PythonLayer {
            let lines = ["--find-links \(links)"] + requirements
            try workshop.write("requirements.txt", lines.map { $0 + "\n" }.joined())
            var layer = PythonLayer.requirements(requirements)
            layer.options = ["--find-links \(links)"]
            return layer
        }

        /// What a resolution, and then an installation, ask for.
        func asked(_ layer: PythonLayer, allowing names: Set<String>) async throws -> [String]? {
            do {
                let resolution = try await workshop.resolve(layer, try context(names))
                try await workshop.install(resolution, layer, as: Int.random(in: 1...1_000_000), try context(names))
                return nil
            } catch let diagnostic as Diagnostic {
                #expect(diagnostic.asks != nil, "\(diagnostic)")
                return diagnostic.asks?.map(\.source.text)
            }
        }
    }

    @Test("uv names all of them in one question, and builds those that were allowed")
    func uv() async throws {
        let site = try await Site()
        try site.publish("alpha-sdist")
        try site.publish("beta-sdist", needs: ["gamma-sdist"])
        try site.publish("gamma-sdist")
        let layer = try site.layer(["Alpha_Sdist", "beta-sdist==1.0", "six"])
        #expect(try await site.asked(layer, allowing: []) == ["alpha-sdist", "beta-sdist"])
        #expect(!site.ran)
        let one = try await site.asked(layer, allowing: ["alpha-sdist"])
        #expect(one == ["beta-sdist"])
        // What it needs is known when its metadata was built.
        #expect(try await site.asked(layer, allowing: ["alpha-sdist", "beta-sdist"]) == ["gamma-sdist"])
        #expect(site.ran)
        #expect(try await site.asked(layer, allowing: ["alpha-sdist", "beta-sdist", "gamma-sdist", "six"]) == nil)
    }

    @Test("an exact resolution asks when it is installed, for all of them, and nothing has run")
    func exact() async throws {
        let site = try await Site()
        try site.publish("alpha-sdist")
        try site.publish("beta-sdist")
        let layer = try site.layer(["alpha-sdist", "beta-sdist", "six"])
        let resolution = try await site.workshop.resolve(layer, try site.context(["alpha-sdist", "beta-sdist"]))
        try FileSystem.remove(site.canary)
        let failure = try await site.workshop.failure {
            try await site.workshop.install(resolution, layer, as: 1, try site.context([]))
        }
        #expect(failure.asks?.map(\.source.text) == ["alpha-sdist", "beta-sdist"])
        #expect(failure.asks?.first?.location?.line == 2)
        #expect(!site.ran)
        // A build that was allowed elsewhere is in the cache, and still nobody allowed it here.
        let prefix = try await site.workshop.install(
            resolution, layer, as: 2, try site.context(["alpha-sdist", "beta-sdist"]))
        #expect(try await site.workshop.python(prefix, "import alpha_sdist, six; print(1)") == "1\n")
        let again = try await site.workshop.failure {
            try await site.workshop.install(resolution, layer, as: 3, try site.context(["alpha-sdist"]))
        }
        #expect(again.asks?.map(\.source.text) == ["beta-sdist"])
    }

    @Test("uv.lock that names one asks, fresh or stale")
    func locked() async throws {
        let site = try await Site()
        try site.publish("alpha-sdist")
        func manifest(_ names: String) -> String {
            """
            [project]
            name = "demo"
            version = "1"
            requires-python = ">=3.9"
            dependencies = [\(names)]
            [tool.uv]
            find-links = ["\(site.links)"]

            """
        }
        try site.workshop.write("pyproject.toml", manifest("\"alpha-sdist\""))
        var layer = PythonLayer.pyproject(["alpha-sdist"])
        layer.options = ["--find-links \(site.links)"]
        let locker = ProjectLocker(layer, root: site.workshop.root, excluding: [], context: try site.context([]))
        let refused = try await site.workshop.failure { _ = try await locker.lock(.nothing) }
        #expect(refused.asks?.map(\.source.text) == ["alpha-sdist"])
        #expect(!site.ran)
        let allowed = ProjectLocker(
            layer, root: site.workshop.root, excluding: [], context: try site.context(["alpha-sdist"]))
        _ = try await allowed.lock(.nothing)
        try FileSystem.remove(site.canary)
        layer.lock = LockFile(path: "uv.lock", content: Fingerprint(hex: "0"))
        #expect(try await site.asked(layer, allowing: []) == ["alpha-sdist"])
        #expect(try await site.asked(layer, allowing: ["alpha-sdist"]) == nil)
        try? FileSystem.remove(site.canary)
        try site.publish("beta-sdist")
        try site.workshop.write("pyproject.toml", manifest("\"alpha-sdist\", \"beta-sdist\""))
        layer.requirements = ["alpha-sdist", "beta-sdist"]
        #expect(try await site.asked(layer, allowing: ["alpha-sdist"]) == ["beta-sdist"])
    }

    @Test("what the manifest names by its place is built: the project itself, a path, a repository")
    func named() async throws {
        let site = try await Site()
        let backend = """
            import os, zipfile

            def build_wheel(directory, config_settings=None, metadata_directory=None):
                name = NAME + "-1-py3-none-any.whl"
                with zipfile.ZipFile(os.path.join(directory, name), "w") as wheel:
                    info = NAME + "-1.dist-info/"
                    wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: " + NAME + "\\nVersion: 1\\n" + NEEDS)
                    wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
                    wheel.writestr(info + "RECORD", "")
                return name

            build_editable = build_wheel

            """
        func manifest(_ name: String, _ more: String = "") -> String {
            """
            [project]
            name = "\(name)"
            requires-python = ">=3.9"
            dynamic = ["version", "dependencies"]
            [build-system]
            requires = []
            build-backend = "backend"
            backend-path = ["."]
            \(more)
            """
        }
        for (place, name, needs) in [("", "demo", "Requires-Dist: six\\n"), ("dep/", "dep", "")] {
            try site.workshop.write("\(place)pyproject.toml", manifest(name))
            try site.workshop.write("\(place)backend.py", "NAME, NEEDS = '\(name)', '\(needs)'\n" + backend)
        }
        // The project's own dependencies are known to its backend alone.
        let metadata: CanonicalValue = .table(["dynamic": .list([.text("dependencies"), .text("version")])])
        let own = PythonLayer.pyproject([], project: EditableProject(name: "demo", metadata: metadata))
        #expect(try await site.asked(own, allowing: []) == nil)
        let path = try site.layer(["./dep", "six"])
        #expect(try await site.asked(path, allowing: []) == nil)
        #expect(try await site.asked(site.layer(["-e ./dep"]), allowing: ["six"]) == nil)
    }

    @Test("pip asks too, and builds what was allowed")
    func pip() async throws {
        let site = try await Site()
        try site.publish("alpha-sdist")
        let engine = try #require(await MachinePip(excluding: []).engine(site.workshop.context()))
        let layer = try site.layer(["alpha-sdist", "six"])
        func resolve(_ names: Set<String>) async throws -> Resolution {
            try await engine.resolve(
                layer, root: site.workshop.root, interpreter: site.workshop.interpreter, preferring: nil,
                context: try site.context(names))
        }
        let refused = try await site.workshop.failure { _ = try await resolve([]) }
        #expect(refused.asks?.map(\.source.text) == ["alpha-sdist"])
        #expect(!site.ran)
        let resolution = try await resolve(["alpha-sdist"])
        #expect(resolution.packages["alpha-sdist"] == "1.0")
        try FileSystem.remove(site.canary)
        let install = try await site.workshop.failure {
            try await engine.install(
                resolution, layer: layer, root: site.workshop.root, name: "demo",
                interpreter: site.workshop.interpreter, into: site.workshop.generation(1), context: site.context([]))
        }
        #expect(install.asks?.map(\.source.text) == ["alpha-sdist"])
        #expect(!site.ran)
    }
}

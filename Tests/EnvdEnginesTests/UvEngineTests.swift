import EnvdCore
import EnvdEngines
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("uv resolves and installs")
struct UvEngineTests {
    @Test("a requirements file becomes a prefix with the pinned packages and pip")
    func requirements() async throws {
        let workshop = try await Workshop()
        try workshop.write("requirements.txt", "six==1.16.0\niniconfig  # a comment\n")
        let layer = PythonLayer.requirements(["iniconfig", "six==1.16.0"])
        let resolution = try await workshop.resolve(layer)
        #expect(resolution.packages["six"] == "1.16.0")
        #expect(Set(resolution.packages.keys) == ["six", "iniconfig"])
        #expect(resolution.hashed.contains("--hash=sha256:"))
        #expect(resolution.unhashed.isEmpty)
        let prefix = try await workshop.install(resolution, layer, as: 1)
        #expect(try await workshop.python(prefix, "import six, iniconfig, pip; print(six.__version__)") == "1.16.0\n")
        #expect(FileSystem.isExecutable(prefix / "bin/pip"))
        #expect(PrefixHealth.isIntact(prefix: prefix, interpreter: workshop.interpreter))
    }

    @Test("a project brings its groups, its extras and itself, editable")
    func project() async throws {
        let workshop = try await Workshop()
        try workshop.write(
            "pyproject.toml",
            """
            [project]
            name = "demo"
            version = "0.1"
            requires-python = ">=3.9"
            dependencies = ["idna"]
            [project.optional-dependencies]
            x = ["six"]
            y = ["attrs"]
            [dependency-groups]
            dev = ["iniconfig"]
            [build-system]
            requires = ["setuptools"]
            build-backend = "setuptools.build_meta"
            [tool.setuptools]
            py-modules = ["demo"]
            """)
        try workshop.write("demo.py", "answer = 42\n")
        let layer = PythonLayer.pyproject(
            ["idna"], groups: ["dev"], extras: ["x"],
            project: EditableProject(name: "demo", metadata: .table([:])))
        let resolution = try await workshop.resolve(layer)
        #expect(Set(resolution.packages.keys) == ["idna", "six", "iniconfig"])
        #expect(try FileSystem.list(workshop.root) == ["demo.py", "pyproject.toml"])
        let prefix = try await workshop.install(resolution, layer, as: 1)
        let place = try await workshop.python(prefix, "import demo, idna; print(demo.__file__)")
        #expect(place == "\(workshop.root)/demo.py\n")
    }

    @Test("a project without dependencies, a file without requirements and groups alone work")
    func empty() async throws {
        let workshop = try await Workshop()
        try workshop.write("requirements.txt", "# nothing\n")
        let nothing = PythonLayer.requirements([])
        let prefix = try await workshop.install(try await workshop.resolve(nothing), nothing, as: 1)
        #expect(SitePackages.distributions(in: prefix)["pip"] != nil)
        try workshop.write("pyproject.toml", "[project]\nname = \"demo\"\nversion = \"1\"\n")
        #expect(try await workshop.resolve(.pyproject([])).packages.isEmpty)
        try workshop.write("pyproject.toml", "[dependency-groups]\ndev = [\"six\"]\n")
        #expect(try await workshop.resolve(.pyproject(["six"], groups: ["dev"])).packages.keys.sorted() == ["six"])
        #expect(try FileSystem.list(workshop.root) == ["pyproject.toml", "requirements.txt"])
    }

    @Test("what an earlier resolution pinned stays while it fits")
    func preferences() async throws {
        let workshop = try await Workshop()
        try workshop.write("requirements.txt", "six\n")
        let layer = PythonLayer.requirements(["six"])
        let earlier = Resolution(hashed: "six==1.15.0 --hash=sha256:00\n", unhashed: "", packages: ["six": "1.15.0"])
        #expect(try await workshop.resolve(layer, preferring: earlier).packages["six"] == "1.15.0")
        try workshop.write("requirements.txt", "six>=1.16\n")
        #expect(try await workshop.resolve(layer, preferring: earlier).packages["six"] != "1.15.0")
    }

    @Test("local sources are installed from absolute paths, whatever the directory is called")
    func localSources() async throws {
        let workshop = try await Workshop()
        for (directory, name) in [("with space", "edp"), ("plain", "localp")] {
            try workshop.directory.write(
                "\(directory)/pyproject.toml",
                """
                [project]
                name = "\(name)"
                version = "0.3"
                dependencies = ["six"]
                [build-system]
                requires = ["setuptools"]
                build-backend = "setuptools.build_meta"
                [tool.setuptools]
                py-modules = ["\(name)"]
                """)
            try workshop.directory.write("\(directory)/\(name).py", "")
        }
        try workshop.write("requirements.txt", "-e ../with space\n../plain\n")
        let layer = PythonLayer.requirements(["-e ../with space", "../plain"])
        let resolution = try await workshop.resolve(layer)
        #expect(resolution.unhashed.contains("-e file://\(workshop.directory.path)/with%20space\n"))
        #expect(resolution.packages.keys.sorted() == ["localp", "six"])
        let prefix = try await workshop.install(resolution, layer, as: 1)
        let place = try await workshop.python(prefix, "import edp, localp, six; print(edp.__file__, end='')")
        #expect(place == "\(workshop.directory.path)/with space/edp.py")
    }

    @Test("the index of [tool.uv] counts, an explicit one too, though uv runs elsewhere")
    func explicitIndex() async throws {
        let workshop = try await Workshop()
        let wheel = workshop.directory.path / "simple/odd-thing/odd_thing-1.0-py3-none-any.whl"
        try FileSystem.makeDirectories(wheel.parent)
        _ = try await workshop.python(
            workshop.interpreter.path.parent.parent,
            """
            import zipfile
            with zipfile.ZipFile('\(wheel)', 'w') as z:
                z.writestr('odd_thing.py', 'x = 1')
                z.writestr('odd_thing-1.0.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: odd-thing\\nVersion: 1.0\\n')
                z.writestr('odd_thing-1.0.dist-info/WHEEL', 'Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
                z.writestr('odd_thing-1.0.dist-info/RECORD', '')
            """)
        try workshop.directory.write(
            "simple/odd-thing/index.html", "<a href=\"\(wheel.name)\">\(wheel.name)</a>")
        try workshop.write(
            "pyproject.toml",
            """
            [project]
            name = "demo"
            version = "1"
            dependencies = ["odd-thing", "six"]
            [[tool.uv.index]]
            name = "mine"
            url = "file://\(workshop.directory.path)/simple"
            explicit = true
            [tool.uv.sources]
            odd-thing = { index = "mine" }
            """)
        var layer = PythonLayer.pyproject(["odd-thing", "six"])
        layer.settings = .table([
            "index": .list([
                .table([
                    "name": .text("mine"), "url": .text("file://\(workshop.directory.path)/simple"),
                    "explicit": .truth(true),
                ])
            ])
        ])
        let resolution = try await workshop.resolve(layer)
        #expect(resolution.packages["odd-thing"] == "1.0")
        let prefix = try await workshop.install(resolution, layer, as: 1)
        #expect(try await workshop.python(prefix, "import odd_thing; print(odd_thing.x)") == "1\n")
    }

    @Test("an index without pip leaves the environment without it, and is asked for nothing else of the kind")
    func indexWithoutPip() async throws {
        let workshop = try await Workshop()
        let index = workshop.directory.path / "simple"
        try FileSystem.makeDirectories(index)
        try workshop.write("requirements.txt", "")
        let layer = PythonLayer.requirements([])
        let context = try workshop.context(
            ["UV_DEFAULT_INDEX": ByteString("file://\(index)")], cache: workshop.directory.path / "cache")
        let prefix = try await workshop.install(
            Resolution(hashed: "", unhashed: "", packages: [:]), layer, as: 1, context)
        #expect(SitePackages.distributions(in: prefix).isEmpty)
        #expect(workshop.said.contains { $0.contains("the index has no pip") })
    }

    @Test("a project's own .venv and .python-version are not run")
    func traps() async throws {
        let workshop = try await Workshop()
        let mark = workshop.directory.path / "sprung"
        let trap = "#!/bin/sh\necho sprung >> '\(mark)'\nexec '\(workshop.interpreter.path)' \"$@\"\n"
        for name in [".venv/bin/python", ".venv/bin/python3", "trap-python"] {
            try workshop.write(name, trap)
            try FileSystem.setMode(workshop.root / name, 0o755)
        }
        try workshop.write(".venv/pyvenv.cfg", "home = \(workshop.interpreter.path.parent)\n")
        try workshop.write(".python-version", "\(workshop.root)/trap-python\n")
        try workshop.write(
            "pyproject.toml",
            "[project]\nname = \"demo\"\nversion = \"1\"\nrequires-python = \">=3.9\"\ndependencies = [\"six\"]\n")
        var layer = PythonLayer.pyproject(["six"])
        let context = try workshop.context([
            "PATH": (workshop.root / ".venv/bin").bytes + ":" + (ProcessEnvironment.value("PATH") ?? ""),
            "VIRTUAL_ENV": (workshop.root / ".venv").bytes,
        ])
        try await workshop.install(try await workshop.resolve(layer, context), layer, as: 1, context)
        try await workshop.lock()
        layer.lock = LockFile(path: "uv.lock", content: Fingerprint(of: [UInt8]()))
        try await workshop.install(try await workshop.resolve(layer, context), layer, as: 2, context)
        _ = try await InterpreterFinder(uv: workshop.engine, excluding: [workshop.root])
            .find(requiresPython: [], context: context)
        #expect(!FileSystem.exists(mark))
    }

    @Test("dependencies that only the build backend knows are resolved without writing into the project")
    func dynamic() async throws {
        let workshop = try await Workshop()
        try workshop.write(
            "pyproject.toml",
            """
            [project]
            name = "demo"
            version = "1"
            dynamic = ["dependencies"]
            [build-system]
            requires = ["setuptools"]
            build-backend = "setuptools.build_meta"
            [tool.setuptools]
            py-modules = []
            [tool.setuptools.dynamic]
            dependencies = { file = ["wanted.txt"] }
            """)
        try workshop.write("wanted.txt", "six\n")
        let layer = PythonLayer.pyproject(
            [],
            project: EditableProject(
                name: "demo", metadata: .table(["project": .table(["dynamic": .list([.text("dependencies")])])])))
        #expect(try await workshop.resolve(layer).packages.keys.sorted() == ["six"])
        #expect(try FileSystem.list(workshop.root) == ["pyproject.toml", "wanted.txt"])
    }
}

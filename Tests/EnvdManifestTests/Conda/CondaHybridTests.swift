import EnvdCore
import EnvdManifest
import EnvdSystem
import Testing

@Suite("Conda's manifest with another one")
struct CondaHybridTests {
    private static let environment = "channels: [conda-forge, nodefaults]\ndependencies: [python=3.11]\n"
    private static let project = "[project]\nname = 'sample'\nversion = '1'\ndependencies = ['six']\n"

    @Test(
        "gives both layers",
        arguments: [
            ("pyproject.toml", project, PythonLayer.Format.pyproject), ("requirements.txt", "six\n", .requirements),
            ("pyproject.toml", "[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\nsix = '*'\n", .poetry),
            ("Pipfile", "[packages]\nsix = '*'\n", .pipenv), ("setup.py", "setup()", .setuptools),
        ])
    func both(name: String, text: String, format: PythonLayer.Format) throws {
        let project = try SampleProject(["environment.yml": Self.environment, name: text])
        let spec = try project.spec()
        #expect(spec.python.format == format)
        #expect(spec.conda?.specs == ["python 3.11.*"] && spec.conda?.pip == nil)
        #expect(project.reading.followed.prefix(2).map(\.name) == ["environment.yml", ByteString(name)])
        #expect(project.reading.passedOver.isEmpty)
    }

    @Test("a `pip:` section of its own goes with it, beside the other manifest's packages")
    func pipBeside() throws {
        let spec = try SampleProject([
            "environment.yml": Self.environment + "variables: {A: b}\n", "pyproject.toml": Self.project,
        ]).spec()
        #expect(spec.name == "sample" && spec.conda?.variables == ["A": "b"])
        let other = try SampleProject([
            "environment.yml": "dependencies: [python, pip, {pip: [idna, '--pre']}]", "pyproject.toml": Self.project,
        ]).spec()
        #expect(other.python.format == .pyproject && other.python.requirements == ["six"])
        #expect(other.conda?.pip == .init(requirements: ["idna"], options: ["--pre"]))
    }

    @Test("a file that the `pip:` section includes is no layer of its own")
    func included() throws {
        let project = try SampleProject([
            "environment.yml": "dependencies: [python, pip, {pip: [idna, '-r requirements.txt']}]",
            "requirements.txt": "six\n",
        ])
        let spec = try project.spec()
        #expect(spec.python.format == .condaPip && spec.python.requirements == ["idna", "six"])
        #expect(spec.conda?.pip == nil)
        #expect(
            project.reading.passedOver == [
                .init(path: project.root / "requirements.txt", reason: "`pip:` of `environment.yml` includes it")
            ])
    }

    @Test("`layers` chooses, in envd.toml and in pyproject.toml")
    func layers() throws {
        let files = ["environment.yml": "dependencies: [python, pip, {pip: ['-e .']}]", "pyproject.toml": Self.project]
        func spec(_ layers: String) throws -> Spec {
            try SampleProject(files.merging(["envd.toml": "layers = \(layers)"]) { $1 }).spec()
        }
        #expect(try spec("['conda']").python.format == .condaPip)
        #expect(try spec("['python']").conda == nil)
        #expect(try spec("['python']").python.format == .pyproject)
        // Both, though the section installs the project.
        #expect(try spec("['conda', 'python']").python.format == .pyproject)
        #expect(try spec("['conda', 'python']").conda?.pip?.requirements == ["-e ."])
        let table = Self.project + "[tool.envd]\nlayers = ['conda']\n"
        let inside = try SampleProject(["environment.yml": Self.environment, "pyproject.toml": table])
        #expect(try inside.spec().python.format == .condaPip)
        #expect(inside.inputs.contains("pyproject.toml"))
        for wrong in ["'conda'", "['uv']", "[]"] {
            let project = try SampleProject([
                "environment.yml": Self.environment, "envd.toml": "layers = \(wrong)",
            ])
            #expect(try project.diagnostic().message.contains("`layers` has to be a list"))
        }
        let missing = try SampleProject(["environment.yml": Self.environment, "envd.toml": "layers = ['python']"])
        #expect(throws: Diagnostic.self) { try missing.spec() }
        let none = try SampleProject(["requirements.txt": "", "envd.toml": "layers = ['conda', 'python']"])
        #expect(try none.diagnostic().message.contains("there is no manifest for the layer \"conda\""))
    }

    @Test("`inputs` names them, in directories too")
    func inputs() throws {
        let project = try SampleProject([
            "env/dev.yml": "dependencies: [python, pip, {pip: ['-r more.txt']}]", "env/more.txt": "idna",
            "needs.txt": "six",
            "environment.yml": Self.environment, "envd.toml": "inputs = ['env/dev.yml', 'needs.txt']",
        ])
        let spec = try project.spec()
        #expect(spec.conda?.manifest == "env/dev.yml" && spec.python.requirements == ["six"])
        #expect(spec.conda?.pip?.requirements == ["idna"])
        #expect(project.reading.passedOver.map(\.path.name) == ["environment.yml"])
        let twice = try SampleProject([
            "a.yml": "dependencies: []", "b.yml": "", "envd.toml": "inputs = [\n'a.yml',\n'b.yml']",
        ])
        #expect(try twice.diagnostic().location?.line == 3)
        let gone = try SampleProject(["envd.toml": "inputs = ['a.yml']"])
        #expect(try gone.diagnostic().message.contains("is not there"))
    }

    @Test("a damaged one of the two is told, and nothing is built of the other alone")
    func damaged() throws {
        let conda = try SampleProject(["environment.yml": "dependencies: [", "pyproject.toml": Self.project])
        #expect(try conda.diagnostic().location?.file.name == "environment.yml")
        let python = try SampleProject([
            "environment.yml": Self.environment, "pyproject.toml": "[project]\nname =",
        ])
        #expect(try python.diagnostic().location?.file.name == "pyproject.toml")
        let empty = try SampleProject(["environment.yml": "", "pyproject.toml": Self.project])
        #expect(try empty.diagnostic().message.contains("there is nothing in it"))
    }

    @Test("a manifest that comes later is watched for")
    func watched() throws {
        let project = try SampleProject(["environment.yml": Self.environment])
        #expect(project.inputs.isSuperset(of: ["pyproject.toml", "requirements.txt", "conda-lock.yml", "pixi.toml"]))
        let python = try SampleProject(["pyproject.toml": Self.project])
        #expect(python.inputs.isSuperset(of: CondaFormatNames.all))
        #expect(try python.spec() == SampleProject(["pyproject.toml": Self.project]).spec())
    }

    @Test(
        "pixi's own project is left to pixi, unless envd is told what to follow",
        arguments: ["pixi.toml", "pixi.lock", "pyproject.toml"])
    func pixi(name: String) throws {
        let text = name == "pyproject.toml" ? Self.project + "[tool.pixi.workspace]\nchannels = []\n" : "x = 1"
        var files = ["environment.yml": Self.environment, name: text]
        let diagnostic = try SampleProject(files).diagnostic()
        #expect(diagnostic.message.hasSuffix("pixi has its own activation, and envd stands aside"))
        #expect(diagnostic.location?.file.name == ByteString(name) && diagnostic.hint != nil)
        files["envd.toml"] = "layers = ['conda']"
        #expect(try SampleProject(files).condaLayer().specs == ["python 3.11.*"])
        files["envd.toml"] = "inputs = ['environment.yml']"
        #expect(try SampleProject(files).condaLayer().specs == ["python 3.11.*"])
        #expect(!(try SampleProject(["pixi.toml": ""]).isProject))
    }
}

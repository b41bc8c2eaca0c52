import EnvdCore
import EnvdManifest
import EnvdSystem
import Testing

@Suite("Which file is followed")
struct FollowedFileTests {
    @Test("the names come in the order in which they count")
    func names() {
        #expect(
            ManifestReader.names == [
                "envd.toml", "pyproject.toml", "Pipfile", "pylock.toml", "requirements.txt", "requirements.in",
                "requirements", "setup.py", "setup.cfg", "environment.yml", "environment.yaml", "conda.yml",
                "conda.yaml", "conda-lock.yml",
            ])
    }

    @Test(
        "a pyproject.toml makes a project with one of its tables alone",
        arguments: [
            ("[project]\nname = 'p'", true), ("[dependency-groups]", true), ("[tool.poetry]", true),
            ("[tool.uv]", true),
            ("[tool.rye]", true), ("[tool.envd]", true), ("[tool.uv.pip]\n", true), ("tool.uv.package = false", true),
            ("[[tool.uv.index]]\nname = 'x'", true), ("[ 'project' ]", true), ("[project]\nname = ", true),
            ("[tool.ruff]\nline-length = 1", false), ("", false), ("# [project]", false),
            ("x = '''\n[project]\n'''", false),
            ("[build-system]", false), ("[project-x]", false), ("[tool.uvx]", false),
        ])
    func isProject(text: String, expected: Bool) throws {
        let project = try SampleProject(["pyproject.toml": text])
        #expect(project.isProject == expected)
    }

    @Test("a requirements.txt makes a project by being there, an empty directory is none")
    func requirementsMakeAProject() throws {
        #expect(try SampleProject(["requirements.txt": ""]).isProject)
        let empty = try SampleProject()
        #expect(!empty.isProject)
        #expect(try empty.diagnostic().message.hasSuffix("there is no manifest in it"))
        #expect(
            empty.pythonInputs == [
                "pyproject.toml", "requirements.txt", "envd.toml", "Pipfile", "pylock.toml", "requirements.in",
                "setup.py", "setup.cfg",
            ])
        #expect(!ManifestReader.isProject("/nonexistent/somewhere"))
    }

    @Test("pyproject.toml comes before requirements.txt, which is passed over with a reason")
    func order() throws {
        let project = try SampleProject(["pyproject.toml": "[project]\nname = 'p'", "requirements.txt": "a"])
        #expect(try project.layer().format == .pyproject)
        #expect(
            project.reading.passedOver == [
                .init(path: project.root / "requirements.txt", reason: "`pyproject.toml` is followed")
            ])
    }

    @Test(
        "a pyproject.toml without anything to install gives way to requirements.txt",
        arguments: [
            "[tool.ruff]", "[tool.poetry]\nname = 'x'", "[tool.uv]\npreview = true", "[tool.envd]", "[tool.ruff",
        ])
    func givesWay(text: String) throws {
        let project = try SampleProject(["pyproject.toml": text, "requirements.txt": "a"])
        #expect(try project.layer().requirements == ["a"])
        #expect(project.reading.passedOver.map(\.path) == [project.root / "pyproject.toml"])
    }

    @Test("a damaged pyproject.toml of a project does not give way")
    func damaged() throws {
        let project = try SampleProject(["pyproject.toml": "[project]\nname = \n", "requirements.txt": "a"])
        #expect(try project.diagnostic().location?.line == 2)
        #expect(project.reading.passedOver.map(\.path) == [project.root / "requirements.txt"])
    }

    @Test("the name is the project's, else the directory's bytes")
    func name() throws {
        let project = try SampleProject()
        let root = project.root.appending(Path(ByteString([0x64, 0xFF, 0x0A])))
        try FileSystem.makeDirectories(root)
        try FileSystem.replace(root / "requirements.txt", with: [])
        #expect(try ManifestReader.read(root).spec.get().name == ByteString([0x64, 0xFF, 0x0A]))
    }
}

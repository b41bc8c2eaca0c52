import EnvdCore
import EnvdManifest
import EnvdSystem
import Testing

@Suite("pylock.toml, rye and setup.cfg")
struct PylockTests {
    @Test("every kind of source becomes an exact line, and questions about groups and extras are answered")
    func sources() throws {
        let text = """
            lock-version = "1.0"
            extras = ["web"]
            dependency-groups = ["dev"]
            default-groups = ["dev"]
            [[packages]]
            name = "A_b"
            version = "1.0"
            marker = "'web' in extras"
            index = "https://example.org/simple"
            wheels = [{ url = "https://example.org/a.whl", hashes = { sha256 = "a1", md5 = "x" } }]
            sdist = { url = "https://example.org/a.tar.gz", hashes = { sha512 = "a2" } }
            [[packages]]
            name = "c"
            marker = "'dev' not in dependency_groups or sys_platform == 'linux'"
            archive = { url = "https://example.org/c.zip", subdirectory = "py", hashes = { sha256 = "c1" } }
            [[packages]]
            name = "d"
            vcs = { type = "git", url = "https://example.org/d.git", commit-id = "abc", requested-revision = "main" }
            [[packages]]
            name = "e"
            version = "2"
            wheels = [{ path = "wheels/e-2-py3-none-any.whl", hashes = { sha256 = "e1" } }]
            """
        let project = try SampleProject(["pylock.toml": text])
        let layer = try project.layer()
        #expect(layer.groups == ["dev"] && layer.extras.isEmpty)
        #expect(
            layer.requirements == [
                "a-b==1.0 ; python_version < '0' --hash=sha256:a1 --hash=sha512:a2",
                "c @ https://example.org/c.zip#subdirectory=py ; python_version < '0' or sys_platform == \"linux\" --hash=sha256:c1",
                "d @ git+https://example.org/d.git@abc", "e==2 --hash=sha256:e1",
            ])
        #expect(layer.options == ["--extra-index-url https://example.org/simple", "--find-links wheels"])
        try project.write("envd.toml", "extras = ['Web']\ngroups = []\n")
        let chosen = try project.layer().requirements
        #expect(chosen[0].contains("python_version >= '0'") && chosen[1].contains("python_version >= '0' or"))
        try project.write("envd.toml", "extras = ['none']\n")
        #expect(
            try project.diagnostic().message == "could not read `envd.toml`: the extra `none` is not in `pylock.toml`")
    }

    @Test(
        "what is wrong is told with its place",
        arguments: [
            ("[[packages]]\nname = 'a'\n", "there is no `lock-version`"), ("lock-version = '2.0'\n", "is not known"),
            ("lock-version = '1.0'\n[[packages]]\nversion = '1'\n", "it has no `name`"),
            ("lock-version = '1.0'\n[[packages]]\nname = 'a'\nversion = '1'\n", "neither `wheels` nor another source"),
            (
                "lock-version = '1.0'\n[[packages]]\nname='a'\nversion='1'\nwheels=[{url='u', hashes={md5='1'}}]\n",
                "no hash"
            ),
            ("lock-version = '1.0'\npackages = 3\n", "has to be a list"),
        ])
    func mistakes(text: String, cause: String) throws {
        let diagnostic = try SampleProject(["pylock.toml": text]).diagnostic()
        #expect(diagnostic.message.contains(cause), "\(diagnostic)")
        #expect(diagnostic.location?.file.name == "pylock.toml")
    }

    @Test("rye's development lock goes before the other one, a virtual project is not installed, sources are options")
    func rye() throws {
        let text =
            "[project]\nname='p'\nversion='1'\n[build-system]\nrequires=['hatchling']\n[tool.rye]\nmanaged=true\n"
        let project = try SampleProject([
            "pyproject.toml": text, "requirements.lock": "-e file:.\n", "requirements-dev.lock": "-e file:.\n",
        ])
        let layer = try project.layer()
        #expect(layer.format == .rye && layer.lock?.path == "requirements-dev.lock" && layer.project?.name == "p")
        #expect(project.reading.passedOver.map(\.path) == [project.root / "requirements.lock"])
        try project.write(
            "pyproject.toml",
            text
                + "virtual = true\ndev-dependencies = ['x']\n[[tool.rye.sources]]\nname = 'default'\nurl = 'https://e.org/simple'\n"
                + "username = 'me'\n[[tool.rye.sources]]\nname='f'\nurl='https://e.org/files'\ntype='find-links'\n")
        let other = try project.layer()
        #expect(other.project == nil && other.requirements == ["x"])
        #expect(other.options == ["--index-url https://me@e.org/simple", "--find-links https://e.org/files"])
        try project.write("uv.lock", "version = 1\n")
        #expect(try project.layer().format == .pyproject)
    }

    @Test("setup.cfg alone gives its dependencies, and says that pip would not install the project")
    func setupCfg() throws {
        let project = try SampleProject([
            "setup.cfg": "[metadata]\nname = x\n[options]\ninstall_requires = six; idna>=3\n"
        ])
        let layer = try project.layer()
        #expect(layer.requirements == ["idna>=3", "six"] && layer.project == nil)
        #expect(try project.spec().name == "x")
        #expect(project.reading.passedOver.count == 1)
        try project.write("pyproject.toml", "[build-system]\nrequires = ['setuptools']\n")
        #expect(try project.layer().project != nil)
        #expect(project.reading.passedOver.isEmpty && project.reading.followed.count == 2)
        try project.write("setup.cfg", "[options]\ninstall_requires =\n  six\n  == 3\n")
        let diagnostic = try project.diagnostic()
        #expect(diagnostic.location?.line == 4 && diagnostic.message.contains("no requirement"))
    }

    @Test("runtime.txt is read where there is no .python-version")
    func runtime() throws {
        let project = try SampleProject(["requirements.txt": "a", "runtime.txt": "python-3.11.4\n"])
        #expect(try project.layer().requiresPython == ["==3.11.4"])
        try project.write(".python-version", "3.12\n3.11\n")
        #expect(try project.layer().requiresPython == ["==3.12.*"])
    }
}

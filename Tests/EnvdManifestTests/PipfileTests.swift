import EnvdCore
import EnvdManifest
import EnvdSystem
import Testing

@Suite("Pipfile")
struct PipfileTests {
    static let pipfile = """
        [[source]]
        url = "https://pypi.org/simple"
        verify_ssl = true
        name = "pypi"

        [packages]
        requests = {version = "*", extras = ["socks"]}
        six = "==1.15.0"
        colorama = {version = "*", sys_platform = "== 'win32'"}
        attrs = {version=">=20", markers="python_version >= '3.8'"}

        [dev-packages]
        iniconfig = "*"

        [docs]
        idna = "*"

        [requires]
        python_version = "3.11"
        """

    private func hashes(_ layer: PythonLayer) -> CanonicalValue? {
        guard case .table(let settings) = layer.settings else { return nil }
        return settings["envd.pipfile.hash"]
    }

    @Test("entries become requirements of both sections, and the interpreter is the one that it asks for")
    func entries() throws {
        let layer = try layer("Pipfile", Self.pipfile)
        #expect(layer.format == .pipenv && layer.groups == ["default", "develop"] && layer.lock == nil)
        #expect(
            layer.requirements == [
                "attrs>=20; python_version >= \"3.8\"", "colorama; sys_platform == \"win32\"", "iniconfig",
                "requests[socks]", "six==1.15.0",
            ])
        #expect(layer.requiresPython == ["==3.11.*"])
        #expect(layer.options.isEmpty)
    }

    @Test("the digest is the one that pipenv writes, of today and of before names were normalised")
    func hash() throws {
        // Written by `pipenv lock` 2026.10.3 for this very Pipfile.
        let known = "ce088cc75e8030c94eb3c79407fc4c31feb8fead2e7b025f2f2200a4994569ad"
        #expect(hashes(try layer("Pipfile", Self.pipfile)) == .list([.text(known)]))
        let renamed = try layer("Pipfile", Self.pipfile.replacing("iniconfig", with: "Ini_Config"))
        guard case .list(let both) = hashes(renamed) else { return #expect(Bool(false)) }
        #expect(both.count == 2)
    }

    @Test("sources are options: the first stands in for PyPI, `${VAR}` is wanted from a shell")
    func sources() throws {
        let project = try SampleProject([
            "Pipfile": """
            [[source]]
            url = "https://${USER_NAME}:x@example.org/simple"
            verify_ssl = false
            name = "own"
            [[source]]
            url = "https://pypi.org/simple"
            verify_ssl = true
            name = "pypi"
            [[source]]
            url = "https://example.com/simple"
            name = "other"
            [packages]
            """
        ])
        #expect(
            try project.layer().options == [
                "--index-url https://${USER_NAME}:x@example.org/simple", "--trusted-host example.org",
                "--extra-index-url https://example.com/simple",
            ])
        #expect(project.reading.wantedVariables == ["USER_NAME"])
    }

    @Test("paths, files and repositories keep their address")
    func addresses() throws {
        let layer = try layer(
            "Pipfile",
            """
            [packages]
            one = {path = "lib", editable = true, extras = ["x"]}
            two = {file = "https://example.org/two.zip"}
            three = {git = "https://example.org/three.git", ref = "v1", subdirectory = "py", markers = "os_name == 'posix'"}
            four = {path = "../four"}
            """)
        #expect(
            layer.requirements
                == [
                    "-e ./lib[x]", "../four",
                    "three @ git+https://example.org/three.git@v1#subdirectory=py ; os_name == \"posix\"",
                    "two @ https://example.org/two.zip",
                ].sorted())
    }

    @Test("other categories are installed only where `groups` names them")
    func categories() throws {
        let project = try SampleProject(["Pipfile": Self.pipfile, "envd.toml": "groups = ['docs']\n"])
        #expect(try project.layer().groups == ["default", "docs"])
        try project.write("envd.toml", "groups = ['dev', 'docs']\n")
        #expect(try project.layer().groups == ["default", "develop", "docs"])
        try project.write("envd.toml", "\ngroups = ['nothing']\n")
        let diagnostic = try project.diagnostic()
        #expect(diagnostic.message == "could not read `envd.toml`: the category `nothing` is not in the Pipfile")
        #expect(diagnostic.location?.line == 2)
    }

    @Test("the lock file counts by what it says, and an unfinished merge in it is told with its place")
    func lock() throws {
        let project = try SampleProject(["Pipfile": Self.pipfile, "Pipfile.lock": "{\"a\": 1, \"b\": 2}"])
        let lock = try project.layer().lock
        #expect(lock?.path == "Pipfile.lock")
        try project.write("Pipfile.lock", "{\n  \"b\": 2,\n  \"a\": 1\n}\n")
        #expect(try project.layer().lock == lock)
        try project.write("Pipfile.lock", "{\n<<<<<<< HEAD\n")
        let diagnostic = try project.diagnostic()
        #expect(diagnostic.location == .init(file: project.root / "Pipfile.lock", line: 2, column: 1))
        #expect(diagnostic.hint == "mend the file, or write it anew with `pipenv lock`")
    }

    @Test(
        "a mistake is told with its place",
        arguments: [
            ("[packages]\nsix = 'one'\n", 2, "`==one` is no version specifier"),
            ("[packages]\n\nsix = 3\n", 3, "neither"),
            ("packages = 3\n", 1, "has to be a table"), ("[requires]\npython_version = 'x'\n", 2, "no version"),
            ("[[source]]\nname = 'x'\n", 1, "no `url`"),
            ("[packages]\nsix = {version = '*', markers = 'x'}\n", 2, "marker"),
        ])
    func mistakes(text: String, line: Int, cause: String) throws {
        let diagnostic = try SampleProject(["Pipfile": text]).diagnostic()
        #expect(diagnostic.message.contains(cause), "\(diagnostic)")
        #expect(diagnostic.location?.line == line && diagnostic.location?.column != nil, "\(diagnostic)")
    }
}

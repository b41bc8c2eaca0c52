import EnvdCore
import EnvdManifest
import EnvdSystem
import Testing

@Suite("requirements.txt")
struct RequirementsFileTests {
    @Test("holds requirements, sorted and once, whatever the comments and blanks")
    func requirements() throws {
        let text = "\u{FEFF}# top\r\nflask>=2 # web\r\n\r\n   django  \r\nFlask >= 2\n"
        #expect(try layer("requirements.txt", text).requirements == ["django", "flask>=2"])
        #expect(try layer("requirements.txt", "").requirements == [])
        // Without a blank before it, `#` begins no comment.
        #expect(
            try layer("requirements.txt", "a @ https://example.org/a.zip#b").requirements.first?.hasSuffix("#b") == true
        )
    }

    @Test("joins continued lines, and a comment ends them")
    func continuation() throws {
        let text = "flask \\\n  >=2,\\\n  <3 \\\n  # done\ndjango\\\r\n==4\nlast\\"
        #expect(try layer("requirements.txt", text).requirements == ["django==4", "flask<3,>=2", "last"])
    }

    @Test(
        "names the very place of a mistake, over continuations too",
        arguments: [
            ("a \\\n ==1\n# c \\\n\nb \\\n ?\n", 6, 2), ("ok\n  six=1\n", 2, 6),
            ("six; os_name == 'ä' or colour\n", 1, 24),
            ("six>=1,<x", 1, 8), ("six[a,-]", 1, 7), ("six==1 \\\n  --hash=sha256:aa \\\n  --hash=rot13:aa\n", 3, 3),
            ("--pre --bogus", 1, 7), ("-e https://example.org/x.zip", 1, 4), ("a\r\n\u{0C}b ?", 2, 4),
            ("six ; (os_name == 'x'", 1, 7), ("./x ; nothing == 'x'", 1, 7), ("-e ./x ; nothing == 'x'", 1, 10),
            ("\\\n\\\n ?", 3, 2),
        ])
    func places(text: String, line: Int, column: Int) throws {
        let location = try SampleProject(["requirements.txt": text]).diagnostic().location
        #expect(location?.line == line)
        #expect(location?.column == column)
    }

    @Test("keeps hashes as part of the requirement, in byte order")
    func hashes() throws {
        let text = "a==1 \\\n    --hash=sha256:bb \\\n    --hash sha256:aa  # c\n"
        #expect(try layer("requirements.txt", text).requirements == ["a==1 --hash=sha256:aa --hash=sha256:bb"])
        let fine = "a==1 ; os_name == 'x' \\\n    --hash=sha256:bb \\\n    --hash sha256:aa\n"
        #expect(
            try layer("requirements.txt", fine).requirements
                == ["a==1; os_name == \"x\" --hash=sha256:aa --hash=sha256:bb"])
    }

    @Test("keeps options by their long names, in their order")
    func options() throws {
        let text = """
            -i https://example.org/simple
            --index-url=https://example.org/two --extra-index-url "https://example.org/three"
            -fwheels
            --find-links ./more
            --no-index
            --no-binary :all:
            --only-binary=numpy,pandas
            --pre
            --prefer-binary
            --require-hashes
            --trusted-host example.org
            """
        #expect(
            try layer("requirements.txt", text).options == [
                "--index-url https://example.org/simple", "--index-url https://example.org/two",
                "--extra-index-url https://example.org/three", "--find-links wheels", "--find-links ./more",
                "--no-index", "--no-binary :all:", "--only-binary numpy,pandas", "--pre", "--prefer-binary",
                "--require-hashes", "--trusted-host example.org",
            ])
    }

    @Test(
        "refuses unknown or incomplete options",
        arguments: [
            "--bogus", "-z", "--index-url", "-r", "-e", "--pre=1", "--hash=sha256:aa", "a --bogus=1", "-i 'x", "-",
        ])
    func unknownOptions(line: String) throws {
        let project = try SampleProject(["requirements.txt": "\n\(line)\n"])
        #expect(try project.diagnostic().location?.line == 2)
    }

    @Test(
        "takes paths, URLs and editables as they are written",
        arguments: [
            ("./pkg", "./pkg"), ("../pkg[a,b]", "../pkg[a,b]"),
            ("/abs/x-1-py3-none-any.whl", "/abs/x-1-py3-none-any.whl"), ("pkg/sub", "pkg/sub"),
            ("x-1.0-py3-none-any.whl", "x-1.0-py3-none-any.whl"), ("x-1.0.tar.gz", "x-1.0.tar.gz"),
            ("https://example.org/x.zip ; os_name=='posix'", "https://example.org/x.zip ; os_name == \"posix\""),
            ("git+https://example.org/x.git@main#egg=x", "git+https://example.org/x.git@main#egg=x"),
            ("file:./x", "file:./x"), ("-e ./pkg[B, a]", "-e ./pkg[a,b]"), ("-e .", "-e ."), ("-e./pkg", "-e ./pkg"),
            ("--editable=./pkg[dev]", "-e ./pkg[dev]"),
            ("--editable git+ssh://git@example.org/x#egg=x", "-e git+ssh://git@example.org/x#egg=x"),
            ("-e ./pkg ; python_version>='3'", "-e ./pkg ; python_version >= \"3\""),
        ])
    func addresses(written: String, expected: String) throws {
        #expect(try layer("requirements.txt", written).requirements == [expected])
    }

    @Test("names the variables that it wants and never resolves them")
    func variables() throws {
        let project = try SampleProject([
            "requirements.txt": """
            --index-url https://${INDEX_USER}:${INDEX_TOKEN}@example.org/simple
            private @ https://${HOME}/x.whl
            b==${VERSION}
            # ${COMMENTED}
            c; os_name == '${lower}'
            """
        ])
        let reading = project.reading
        #expect(reading.wantedVariables == ["HOME", "INDEX_TOKEN", "INDEX_USER", "VERSION"])
        let layer = try project.layer()
        #expect(layer.options == ["--index-url https://${INDEX_USER}:${INDEX_TOKEN}@example.org/simple"])
        #expect(layer.requirements.contains("b==${VERSION}"))
        #expect(layer.requirements.contains("private @ https://${HOME}/x.whl"))
    }

    @Test("includes files relative to the including one, in every spelling")
    func includes() throws {
        let project = try SampleProject([
            "requirements.txt":
                "-r sub/a.txt\n-rsub/b.txt\n-r=sub/b.txt\n--requirement=sub/c.txt\n-c limits.txt\n--constraint sub/d.txt\n",
            "sub/a.txt": "a\n-r e.txt\n-r ../sub/./b.txt\n", "sub/b.txt": "b", "sub/c.txt": "c",
            "sub/d.txt": "d<1", "sub/e.txt": "e\n-c ../limits.txt", "limits.txt": "A_b < 2 # c\n-r sub/b.txt",
        ])
        let layer = try project.layer()
        #expect(layer.requirements == ["a", "b", "c", "e"])
        #expect(layer.constraints == ["a-b<2", "b", "d<1"])
        let names = ["requirements.txt", "sub/a.txt", "sub/b.txt", "sub/c.txt", "sub/d.txt", "sub/e.txt", "limits.txt"]
        #expect(project.inputs.isSuperset(of: names))
        #expect(Set(project.reading.followed) == Set(names.map { project.root / $0 }))
        #expect(project.reading.inputs.filter { $0.path.name == "b.txt" }.count == 1)
    }

    @Test("says at the including line that a file is missing, and watches that and every other one")
    func missingInclude() throws {
        let project = try SampleProject(["requirements.txt": "a\n-r gone.txt\n-r later.txt\n", "later.txt": "?"])
        let diagnostic = try project.diagnostic()
        #expect(diagnostic.message == "could not read `gone.txt`: no such file or directory")
        #expect(diagnostic.location == .init(file: project.root / "requirements.txt", line: 2, column: 1))
        #expect(project.inputs.isSuperset(of: ["requirements.txt", "gone.txt", "later.txt"]))
        let missing = project.reading.inputs.first { $0.path.name == "gone.txt" }
        #expect(missing != nil && missing?.content == nil)
    }

    @Test(
        "refuses a loop at the line that closes it", arguments: ["-r requirements.txt", "-r b.txt", "-r ../up/b.txt"])
    func loops(line: String) throws {
        let project = try SampleProject([
            "up/requirements.txt": line, "up/b.txt": "b\n-r ../up/requirements.txt",
        ])
        let reading = ManifestReader.read(project.root / "up")
        #expect(throws: Diagnostic.self) { try reading.spec.get() }
        guard case .failure(let diagnostic) = reading.spec else { return }
        #expect(diagnostic.message.contains("includes itself"))
        #expect(diagnostic.location?.line == (line.contains("b.txt") ? 2 : 1))
    }

    @Test("reads no more than 64 files and no deeper than 16 levels")
    func bounds() throws {
        let wide = try SampleProject(["requirements.txt": (1...100).map { "-r \($0).txt\n" }.joined()])
        for number in 1...100 { try wide.write("\(number).txt", "p\(number)") }
        #expect(try wide.diagnostic().message.contains("more than 64 files"))
        let deep = try SampleProject(["requirements.txt": "-r 1.txt"])
        for number in 1...20 { try deep.write("\(number).txt", "-r \(number + 1).txt") }
        #expect(try deep.diagnostic().message.contains("16 levels"))
        #expect(deep.inputs.filter { $0.first?.isNumber == true }.count < 24)
    }

    @Test("fetches nothing: an include by URL or variable stays an option")
    func farIncludes() throws {
        let project = try SampleProject(["requirements.txt": "-r https://example.org/r.txt\n-c ${WHERE}/c.txt\n"])
        #expect(
            try project.layer().options == ["--requirement https://example.org/r.txt", "--constraint ${WHERE}/c.txt"])
        #expect(project.reading.passedOver.map(\.path) == [project.root / "${WHERE}/c.txt"])
        #expect(project.reading.wantedVariables == ["WHERE"])
    }

    @Test("watches what a local package reads, and its metadata counts")
    func localPackages() throws {
        let project = try SampleProject([
            "requirements.txt": "-e ./pkg\n./other[x]\n",
            "pkg/pyproject.toml": "[project]\nname='p'\nversion='1'\ndependencies=['a']\n",
        ])
        let names: Set = ["pkg/pyproject.toml", "pkg/setup.py", "pkg/setup.cfg", "other/pyproject.toml"]
        #expect(project.inputs.isSuperset(of: names))
        let before = try project.layer()
        try project.write("pkg/pyproject.toml", "# c\n[project]\nname='p'\nversion='1'\ndependencies=[ 'a' ]\n")
        #expect(try project.layer() == before)
        try project.write("pkg/pyproject.toml", "[project]\nname='p'\nversion='1'\ndependencies=['b']\n")
        #expect(try project.layer() != before)
    }

    @Test("takes `[tool.uv]`, `[tool.envd]` and .python-version from beside it")
    func neighbours() throws {
        let project = try SampleProject([
            "requirements.txt": "a", ".python-version": "3.12\n",
            "pyproject.toml": "[tool.envd]\npython = '>=3.11'\n[tool.uv]\nindex-url = 'https://example.org'\n",
        ])
        let layer = try project.layer()
        #expect(layer.format == .requirements)
        #expect(layer.requiresPython == [">=3.11"])
        try project.write("pyproject.toml", "[tool.uv]\nindex-url = 'https://example.org'\n")
        #expect(try project.layer().requiresPython == ["==3.12.*"])
        #expect(layer.settings == .table(["index-url": .text("https://example.org")]))
    }
}

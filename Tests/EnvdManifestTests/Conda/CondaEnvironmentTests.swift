import EnvdCore
import EnvdManifest
import EnvdSystem
import Testing

@Suite("An environment.yml")
struct CondaEnvironmentTests {
    @Test("says channels, packages, variables and lines for pip")
    func whole() throws {
        let project = try SampleProject([
            "environment.yml": """
            name: sample
            channels: [conda-forge]
            dependencies:
              - python=3.10
              - conda-forge::numpy >=1.26,<2
              - pip: [six, "-e ."]
            variables: {A: no, B: 3.10, C: , D: "x y"}
            prefix: /opt/old
            unknown: 1
            """, "setup.py": "",
        ])
        let spec = try project.spec()
        #expect(spec.name == "sample")
        let layer = try #require(spec.conda)
        #expect(layer.format == .environment && layer.manifest == "environment.yml")
        #expect(layer.channels == [forge] + anaconda)
        #expect(layer.channelPriority == .strict)
        #expect(layer.specs == ["\(forge)::numpy <2,>=1.26", "python 3.10.*"])
        #expect(layer.variables == ["A": "no", "B": "3.10", "C": "", "D": "x y"])
        #expect(spec.python.format == .condaPip && spec.python.manifest == "environment.yml")
        #expect(spec.python.requirements == ["-e .", "six"])
        #expect(project.reading.notes.map { $0.location?.line } == [9, 8])
        #expect(project.reading.passedOver.map(\.reason) == ["`pip:` of `environment.yml` installs the project itself"])
    }

    @Test(
        "makes a project under each of its names, and conda's lists by what is in them",
        arguments: CondaFormatNames.all)
    func names(name: String) throws {
        let isList = !name.hasSuffix("ml")
        let text = isList ? "@EXPLICIT\nhttps://e.org/noarch/a-1-0.conda\n" : "dependencies: [python]\n"
        let project = try SampleProject([name: text])
        #expect(project.isProject)
        #expect(project.reading.followed.contains(project.root / name))
        if isList { #expect(!(try SampleProject([name: "x"]).isProject)) }
    }

    @Test("without a `pip:` section has an empty Python layer, and `pip` is a package like others")
    func noPip() throws {
        let spec = try SampleProject(["environment.yml": "dependencies: [pip]"]).spec()
        #expect(spec.python == PythonLayer(format: .condaPip, manifest: "environment.yml"))
        #expect(spec.conda?.specs == ["pip"])
        #expect(try condaLayer("dependencies: [python]").specs == ["python"])
    }

    @Test(
        "with a mistake is told with its line and column",
        arguments: [
            ("", "there is nothing in it", nil, nil),
            ("dependencies: 3", "`dependencies` has to be a list, not a text", 1, 15),
            ("dependencies:\n- {a: b}", "`a` is no kind of dependencies: only `pip` is", 2, 4),
            ("dependencies:\n- python\n- numpy==", "`numpy==`: there is no version after `==`", 3, 10),
            ("dependencies:\n- 'numpy ==1..2'", "`numpy ==1..2`: `1..2` has an empty part", 2, 13),
            ("dependencies:\n- [a]", "a dependency has to be a text, not a list", 2, 3),
            ("dependencies:\n- pip:\n  - six\n  - ==2", "`==2` has no name before its specifier", 4, nil),
            ("dependencies:\n- pip: six", "`pip` has to be a list, not a text", 2, 8),
            ("dependencies: [a]\nchannels:\n- [x]", "a channel has to be a text, not a list", 3, 3),
            ("dependencies: [a]\nchannels:\n- nodefaults", "it names no channel", 3, 1),
            (
                "dependencies: [a]\nchannels: [local]",
                "`local` is a channel of one conda: name it by its `file://` address", 2, 12
            ),
            ("dependencies: [a]\nvariables:\n  A-B: 1", "`A-B` is no name of an environment variable", 3, 3),
            ("dependencies: [a]\nvariables:\n  A: [1]", "the value of `A` has to be a text, not a list", 3, 6),
            ("dependencies: [a]\ndependencies: [b]", "the key `dependencies` is there more than once", 1, 1),
            ("dependencies:\n\t- a", "a value cannot begin with this character or a tab", 2, 1),
            ("dependencies: [a]\n---\nb: c", "there is a second document (`---`)", 2, 1),
            ("dependencies: [!!python/object a]", "the tag `tag:yaml.org,2002:python/object` is not supported", 1, 16),
            ("dependencies: [*a]", "no anchor of this name comes before it", 1, 16),
            ("dependencies: &a [*a]", "no anchor of this name comes before it", 1, 19),
            ("- a", "it has to be a table, not a list", 1, 1), ("dependencies: [a, 'b]", "", 1, nil),
        ] as [(String, String, Int?, Int?)])
    func mistakes(text: String, cause: String, line: Int?, column: Int?) throws {
        let project = try SampleProject([:])
        // A list says nothing of dependencies: only as an input it is a mistake.
        try project.write("environment.yml", text)
        if text == "- a" { try project.write("envd.toml", "inputs = ['environment.yml']") }
        let diagnostic = try project.diagnostic()
        if !cause.isEmpty, !cause.hasPrefix("`==2`") {
            #expect(diagnostic.message == "could not read `environment.yml`: \(cause)")
        }
        if text != "dependencies: [a, 'b]" { #expect(diagnostic.location?.line == line, "\(diagnostic)") }
        if let column { #expect(diagnostic.location?.column == column, "\(diagnostic)") }
        #expect(diagnostic.hint != nil)
    }

    @Test("selectors of conda-lock and mamba choose for this machine")
    func selectors() throws {
        let text = """
            dependencies:
              - a  # [linux]
              - b  # [win]
              - c  # [not win]
              - d  # [unix] and more
              - e  # see [1]
              - sel(linux): f
              - sel(win): g
              - h # [osx]
            """
        #expect(try condaLayer(text).specs == ["a", "c", "d", "e", "f"])
        #expect(try condaDiagnostic("dependencies:\n- sel(moon): a").location?.column == 3)
    }

    @Test("anchors and merge keys are read, the nearer key first")
    func anchors() throws {
        let text = """
            base: &base {A: 1, B: 2}
            variables: {<<: *base, B: 3}
            dependencies: &d [python]
            """
        #expect(try condaLayer(text).variables == ["A": "1", "B": "3"])
    }

    @Test("a package by its address is one, a path in it counts from the file")
    func addresses() throws {
        let project = try SampleProject([
            "environment.yml": """
            dependencies:
              - https://user:secret@e.org/ch/noarch/a-1-0.conda
              - ./pkgs/b-1-0.tar.bz2
            """
        ])
        #expect(
            try project.condaLayer().specs == [
                "a[url='https://e.org/ch/noarch/a-1-0.conda']", "b[url='file://\(project.root)/pkgs/b-1-0.tar.bz2']",
            ])
        #expect(
            project.reading.channelSecrets == [
                "https://e.org/ch/noarch/a-1-0.conda": "https://user:secret@e.org/ch/noarch/a-1-0.conda"
            ])
    }

    @Test("which counts of several, and what is said of the others")
    func order() throws {
        let project = try SampleProject([
            "conda.yaml": "dependencies: [a]", "environment.yaml": "dependencies: [b]", "environment.yml": "x: 1",
            "explicit.txt": "@EXPLICIT\n",
        ])
        #expect(try project.condaLayer().specs == ["b"])
        #expect(
            Set(project.reading.passedOver.map { "\($0.path.name): \($0.reason)" }) == [
                "environment.yml: it names neither `dependencies` nor `channels`",
                "conda.yaml: `environment.yaml` is followed", "explicit.txt: `environment.yaml` is followed",
            ])
    }

    @Test("a key that is misspelt is a mistake where nothing else says what is wanted")
    func misspelt() throws {
        let wrong = try condaDiagnostic("channels: [conda-forge]\ndependecies: [a]\n")
        #expect(wrong.message.contains("`dependecies` is no key that conda knows, and there is no `dependencies`"))
        #expect(wrong.location?.line == 2)
        let extra = try SampleProject(["environment.yml": "dependencies: [a]\nextra: 1\n"])
        #expect(try extra.condaLayer().specs == ["a"])
        #expect(extra.reading.notes.map { $0.location?.line } == [2])
    }

    @Test("a lock file of other machines alone is passed over")
    func foreignLock() throws {
        let lock = "version: 1\npackage:\n- {platform: win-64, manager: conda, name: a}\n"
        let project = try SampleProject(["environment.yml": "dependencies: [a]\n", "conda-lock.yml": lock])
        #expect(try project.condaLayer().specs == ["a"])
        #expect(try project.condaLayer().lock == nil)
        #expect(project.reading.passedOver.map(\.reason) == ["it has no packages for \(CondaPlatform.current)"])
    }
}

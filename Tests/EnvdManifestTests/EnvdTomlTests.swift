import EnvdCore
import EnvdManifest
import EnvdSystem
import Testing

@Suite("envd.toml")
struct EnvdTomlTests {
    @Test("goes before `[tool.envd]`, which is passed over with a reason")
    func precedence() throws {
        let project = try SampleProject([
            "pyproject.toml": "[project]\nname = 'p'\n[tool.envd]\nextras = ['gone']\n",
            "envd.toml": "engine = 'pip'\npython = '3.12'\n",
        ])
        let layer = try project.layer()
        #expect(layer.engine == .pip && layer.requiresPython == ["==3.12.*"])
        #expect(
            project.reading.passedOver == [
                .init(path: project.root / "pyproject.toml", reason: "its `[tool.envd]` gives way to `envd.toml`")
            ])
        #expect(project.isProject)
    }

    @Test("names the files to follow; all others are passed over, whatever envd would choose")
    func inputs() throws {
        let files = [
            "pyproject.toml": "[project]\nname = 'p'\n", "Pipfile": "[packages]\n",
            "pylock.toml": "lock-version = '1.0'\n",
            "pylock.test.toml": "lock-version = '1.0'\n", "requirements.txt": "a", "tools/dev.txt": "b", "setup.py": "",
        ]
        for (inputs, format) in [
            ("['pyproject.toml']", PythonLayer.Format.pyproject), ("['Pipfile']", .pipenv),
            ("['pylock.test.toml']", .pylock),
            ("['requirements.txt', './tools/dev.txt']", .requirements), ("['setup.py']", .setuptools),
        ] {
            let project = try SampleProject(files.merging(["envd.toml": "inputs = \(inputs)\n"]) { $1 })
            #expect(try project.layer().format == format)
            let reading = project.reading
            for file in files.keys where file != "tools/dev.txt" {
                let path = project.root / file
                #expect(
                    reading.followed.contains(path) != reading.passedOver.contains { $0.path == path },
                    "\(inputs): \(file)")
            }
        }
    }

    @Test(
        "a mistake names file, line, column and the known keys",
        arguments: [
            (
                "groups = []\n  input = []\n", 2, 3,
                "`input` is no key of `envd.toml`, which has engine, extras, groups, inputs, layers, ld_library_path, project, python"
            ),
            (
                "inputs = [\n 'requirements.txt',\n 'gone.txt',\n]\n", 3, 2,
                "`gone.txt`, which `inputs` names, is not there"
            ),
            ("inputs = ['README']\n", 1, 11, "`README` is no file that envd knows how to follow"),
            (
                "inputs = ['requirements.txt', 'setup.py']\n", 1, 31,
                "only requirements files can be several in `inputs`"
            ),
            ("inputs = []\n", 1, 1, "has to be a list of files"),
            ("engine = 'conda'\n", 1, 1, "`engine` has to be \"pip\" or \"uv\""),
            ("project = 1\n", 1, 1, "`project` has to be \"editable\" or \"none\""),
            ("groups = [\n", 1, nil, "not closed"),
        ] as [(String, Int, Int?, String)])
    func mistakes(text: String, line: Int, column: Int?, cause: String) throws {
        let project = try SampleProject(["envd.toml": text, "requirements.txt": "a", "README": "", "setup.py": ""])
        let diagnostic = try project.diagnostic()
        #expect(diagnostic.message.hasPrefix("could not read `envd.toml`: "))
        #expect(diagnostic.message.contains(cause), "\(diagnostic)")
        #expect(diagnostic.location == .init(file: project.root / "envd.toml", line: line, column: column))
    }

    @Test("the first of several formats counts, and every other file has its reason")
    func order() throws {
        var files = [
            "pyproject.toml": "[project]\nname = 'p'\n", "Pipfile": "[packages]\n",
            "pylock.toml": "lock-version = '1.0'\n",
            "requirements.txt": "a", "setup.py": "", "setup.cfg": "[flake8]\n",
        ]
        for (name, format) in [
            ("pyproject.toml", PythonLayer.Format.pyproject), ("Pipfile", .pipenv), ("pylock.toml", .pylock),
            ("requirements.txt", .requirements), ("setup.py", .setuptools),
        ] {
            let project = try SampleProject(files)
            #expect(try project.layer().format == format)
            let passed = project.reading.passedOver.filter { $0.reason == "`\(name)` is followed" }.map(\.path)
            let expected = files.keys.filter { $0 != name && (name != "setup.py" || $0 != "setup.cfg") }
            #expect(Set(passed) == Set(expected.map { project.root / $0 }), "\(name)")
            files[name] = nil
        }
        let linted = try SampleProject(["setup.cfg": "[flake8]\nx = 1\n"])
        #expect(!linted.isProject)
        #expect(try linted.diagnostic().message.contains("neither a name in `[metadata]` nor `[options]`"))
    }
}

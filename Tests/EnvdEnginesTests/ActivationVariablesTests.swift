import EnvdCore
import EnvdEngines
import EnvdSystem
import EnvdTestSupport
import Testing

/// env_vars.d and conda-meta/state, as conda reads them.
@Suite struct ActivationVariablesTests {
    private func record(_ files: [String: String]) async throws -> CondaActivation {
        try await ActivationSample(files).record()
    }

    @Test func aPlainPrefixIsItsBinAndConda() async throws {
        let sample = try ActivationSample()
        let activation = try await sample.record()
        var delta = Delta(conda: Delta.CondaLevel(variables: []))
        delta.additions = [.init(variable: .path, entries: [(sample.prefix / "bin").bytes])]
        delta.assignments = [
            .init(variable: .condaPrefix, value: sample.prefix.bytes),
            .init(variable: .condaDefaultEnvironment, value: "demo"),
            .init(variable: .condaPromptModifier, value: "(demo) "),
        ]
        delta.removals = [.pythonHome, .virtualEnv, .virtualEnvPrompt]
        #expect(activation == CondaActivation(delta: delta, notes: []))
    }

    @Test func valuesThatAreNoTextAreWrittenAsPythonDoes() async throws {
        let values = #"""
            {"A": 1, "B": 1.0, "C": true, "D": false, "E": 1e16, "F": 9500000000000000.0, "G": 0.00001, "H": -3, "I": 0.1}
            """#
        let sample = try ActivationSample(["conda-meta/state": #"{"env_vars": \#(values)}"#])
        let delta = try await sample.record().delta
        let program = "import json, sys\nfor k, v in json.loads(sys.argv[1]).items(): print(k, str(v))"
        let result = await PlainCommandRunner().run(
            Command(
                executable: "/usr/bin/env", arguments: ["python3", "-c", ByteString(program), ByteString(values)],
                environment: ProcessEnvironment.all(), workingDirectory: "/", writable: nil), onLine: { _ in })
        let lines = String(decoding: result.standardOutput, as: UTF8.self).split(separator: "\n")
        try #require(lines.count == 9)
        for line in lines { #expect(delta.assigned(String(line.prefix(1))) == ByteString(line.dropFirst(2))) }
    }

    @Test func laterFilesGoBeforeAndTheUserGoesBeforeAll() async throws {
        let activation = try await record([
            "etc/conda/env_vars.d/b.json": #"{"A": "b", "B": "b", "GONE": "b"}"#,
            "etc/conda/env_vars.d/a.json": #"{"A": "a", "B": "a", "C": "a"}"#,
            "etc/conda/env_vars.d/readme.txt": "no JSON",
            "conda-meta/state": #"{"env_vars": {"B": "user", "GONE": "***unset***", "NEVER": "***unset***"}}"#,
        ])
        #expect(activation.delta.assigned("A") == "b")
        #expect(activation.delta.assigned("B") == "user")
        #expect(activation.delta.assigned("C") == "a")
        #expect(!activation.delta.mentions("GONE"))
        #expect(!activation.delta.mentions("NEVER"))
        #expect(activation.delta.conda?.variables.map(\.text) == ["A", "B", "C"])
        #expect(activation.notes == [])
    }

    @Test(arguments: [
        (#"{"PATH": "/bad"}"#, "`PATH` of `conda-meta/state`: that variable is not a package's to set"),
        (#"{"CONDA_PREFIX": "x"}"#, "`CONDA_PREFIX` of `conda-meta/state`: that variable is not a package's to set"),
        (#"{"UID": "0"}"#, "`UID` of `conda-meta/state`: that variable is not a package's to set"),
        (#"{"ENVD_ROOT": "x"}"#, "`ENVD_ROOT` of `conda-meta/state`: that variable is not a package's to set"),
        (#"{"_envd_id": "x"}"#, "`_envd_id` of `conda-meta/state`: that variable is not a package's to set"),
        (#"{"A;ls\n": "x"}"#, "`A;ls?` of `conda-meta/state`: it is no name of a variable"),
        (#"{"1A": "x"}"#, "`1A` of `conda-meta/state`: it is no name of a variable"),
        (#"{"A": ["x"]}"#, "`A` of `conda-meta/state`: its value is no text"),
        (#"{"A": "a\u0000b"}"#, "`A` of `conda-meta/state`: there is a NUL in its value"),
        ("[]", "`conda-meta/state`: `env_vars` is no object"),
    ])
    func whatCannotBeSetIsNamed(variables: String, note: String) async throws {
        let activation = try await record([
            "conda-meta/state": #"{"env_vars": \#(variables)}"#, "etc/conda/env_vars.d/a.json": #"{"GOOD": "1"}"#,
        ])
        #expect(activation.notes == ["could not use \(note)"])
        #expect(activation.delta.assigned("GOOD") == "1")
        #expect(activation.delta.conda?.variables.map(\.text) == ["GOOD"])
        #expect(activation.delta.added("PATH")?.count == 1)
    }

    @Test(arguments: [
        ("{", "line 1: a key is expected"), ("[]", "it is no object"), ("", "line 1: it ends too early"),
        (String(repeating: " ", count: 2 << 20), "file too large"),
    ])
    func aFileThatIsNoJSONIsNamed(text: String, cause: String) async throws {
        let activation = try await record([
            "etc/conda/env_vars.d/a.json": text, "etc/conda/env_vars.d/b.json": #"{"B": "1"}"#,
            "conda-meta/state": text,
        ])
        #expect(
            activation.notes == [
                "could not use `etc/conda/env_vars.d/a.json`: \(cause)", "could not use `conda-meta/state`: \(cause)",
            ])
        #expect(activation.delta.assigned("B") == "1")
    }

    @Test func libraryPathIsAListThatKeepsTheUsers() async throws {
        let activation = try await record([
            "conda-meta/state": #"{"env_vars": {"LD_LIBRARY_PATH": "/one::/two", "PYTHONHOME": "/x"}}"#,
            "etc/conda/activate.d/a.sh": "export LD_LIBRARY_PATH=/three:$LD_LIBRARY_PATH",
        ])
        #expect(activation.delta.added("LD_LIBRARY_PATH") == ["/three", "/one", "/two"])
        #expect(activation.delta.conda?.variables == [.pythonHome])
        #expect(activation.delta.assigned("PYTHONHOME") == "/x")
        #expect(!activation.delta.hides("PYTHONHOME"))
        #expect(activation.delta.scripts == nil)
    }

    @Test func scriptsMayChangeTheVariables() async throws {
        let activation = try await record([
            "conda-meta/state": #"{"env_vars": {"A": "1", "B": "2", "C": "3"}}"#,
            "etc/conda/activate.d/a.sh": "export A=$A$B\nunset C\nexport VIRTUAL_ENV=/v\n",
        ])
        #expect(activation.delta.assigned("A") == "12")
        #expect(activation.delta.assigned("B") == "2")
        #expect(activation.delta.hides("C"))
        #expect(activation.delta.assigned("VIRTUAL_ENV") == "/v")
        #expect(activation.delta.scripts == nil)
    }
}

import EnvdCore
import EnvdEngines
import EnvdSystem
import EnvdTestSupport
import Glibc
import Synchronization
import Testing

/// Whatever a package brings, a build goes on, and says what it could not use.
@Suite struct ActivationTroubleTests {
    @Test(arguments: [
        ("exit 3", "it ends the shell with status 3"), ("set -e; false", "it ends the shell with status 1"),
        ("set -u; echo $NOT_THERE", "it ends the shell with status 127"),
        ("exec true", "it ends the shell with status 0"), ("kill -9 $$", "it ends the shell with signal 9"),
        ("if then", "bash does not understand it"), ("set -n", "it ends the shell with status 0"),
    ])
    func aScriptThatEndsTheShellIsLeftOutAndNamed(script: String, cause: String) async throws {
        let sample = try ActivationSample(
            scripts: ["a": "export A=1", "b": "export B=1\n\(script)\n", "c": "export C=1"])
        let activation = try await sample.record()
        #expect(activation.notes == ["could not use `etc/conda/activate.d/b.sh`: \(cause)"])
        #expect(activation.delta.scripts == nil)
        #expect(activation.delta.assigned("A") == "1")
        #expect(activation.delta.assigned("B") == nil)
        #expect(activation.delta.assigned("C") == "1")
    }

    @Test(arguments: ["while :; do :; done", "sleep 1000", "cat <(sleep 1000)"])
    func aScriptWithoutEndIsLeftOutInTime(script: String) async throws {
        let sample = try ActivationSample(scripts: ["a": "export A=1", "b": "\(script)\nexport B=1\n"])
        let activation = try await sample.record(limit: .seconds(12))
        #expect(activation.notes == ["could not use `etc/conda/activate.d/b.sh`: it is not done after 6 seconds"])
        #expect(activation.delta.assigned("A") == "1")
        #expect(activation.delta.assigned("B") == nil)
    }

    @Test func aScriptThatEndsOnlySomeShellsIsLeftOut() async throws {
        let sample = try ActivationSample(scripts: ["a": "[ -z \"$CC\" ] || exit 5\nexport A=1", "b": "export B=1"])
        let activation = try await sample.record()
        #expect(activation.notes == ["could not use `etc/conda/activate.d/a.sh`: it ends the shell with status 5"])
        #expect(!activation.delta.mentions("A"))
        #expect(activation.delta.assigned("B") == "1")
    }

    @Test func whatIsNoFileIsNamed() async throws {
        let sample = try ActivationSample(scripts: ["z": "export Z=1"])
        let folder = sample.prefix / "etc/conda/activate.d"
        try FileSystem.makeFifo(folder / "a.sh")
        try FileSystem.makeDirectories(folder / "b.sh")
        try FileSystem.replaceLink(folder / "c.sh", to: "/nowhere")
        let activation = try await sample.record()
        #expect(
            activation.notes == [
                "could not use `etc/conda/activate.d/a.sh`: invalid argument",
                "could not use `etc/conda/activate.d/b.sh`: is a directory",
                "could not use `etc/conda/activate.d/c.sh`: no such file or directory",
            ])
        #expect(activation.delta.assigned("Z") == "1")
    }

    @Test func whatScriptsSayIsInTheLogOnce() async throws {
        let sample = try ActivationSample(scripts: [
            "a": "echo from a >&2; echo and stdout", "b": "for i in {1..5000}; do echo $i; done",
        ])
        _ = try await sample.record()
        #expect(sample.said.count { $0 == "from a" } == 1)
        #expect(sample.said.count { $0 == "and stdout" } == 1)
        #expect(sample.said.count < 300)
    }

    @Test func scriptsSeeNothingOfTheUsersVariables() async throws {
        let sample = try ActivationSample(scripts: ["a": "export A=\"${SECRET-none} $USER\""])
        let delta = try await sample.record().delta
        #expect(delta.scripts?.entering.count == 1)
        #expect(delta.assigned("A") == "none somebody")
    }

    @Test func theHomeInAValueIsTheUsers() async throws {
        let sample = try ActivationSample(scripts: ["a": "export A=\"$HOME/.demo\" B=\"$TMPDIR\""])
        let delta = try await sample.record().delta
        #expect(delta.scripts?.entering.count == 1)
        #expect(delta.assigned("A") == (sample.directory.path / "home/.demo").bytes)
        #expect(!delta.mentions("B"))
    }

    @Test func scriptsForLeavingAreReadBackwardsWithoutThoseThatEndTheShell() async throws {
        let sample = try ActivationSample([
            "etc/conda/activate.d/a.sh": "greet() { :; }", "etc/conda/deactivate.d/a.sh": "unset -f greet",
            "etc/conda/deactivate.d/b.sh": "exit 1", "etc/conda/deactivate.d/c.sh": "fi",
            "etc/conda/deactivate.d/d.sh": "",
        ])
        let activation = try await sample.record()
        let scripts = try #require(activation.delta.scripts)
        #expect(scripts.entering.map(\.name) == ["a.sh"])
        #expect(scripts.leaving.map(\.name) == ["d.sh", "a.sh"])
        #expect(activation.notes.count == 2)
    }

    @Test func deactivateScriptsAloneMakeNothingLive() async throws {
        let sample = try ActivationSample(["etc/conda/deactivate.d/demo.sh": "greet() { :; }; exit 1"])
        let activation = try await sample.record()
        #expect(activation.delta.scripts == nil)
        #expect(activation.notes == [])
    }

    @Test func theListsOfManualsKeepTheirEmptyEntry() async throws {
        let sample = try ActivationSample(scripts: ["a": "export MANPATH=$CONDA_PREFIX/man:$MANPATH"])
        let manuals = try #require(try await sample.record().delta.extended("MANPATH"))
        let front = (sample.prefix / "man").bytes + ":"
        #expect(manuals.value(outside: nil) == front)
        #expect(manuals.value(outside: "/mine") == front + "/mine")
    }

    @Test func aBuildThatIsCancelledEndsTheScripts() async throws {
        let sample = try ActivationSample(scripts: ["a": "echo begun; sleep 1000"])
        let begun = AsyncStream<Void>.makeStream()
        let runner = WatchedRunner { if $0 == "begun" { begun.continuation.yield() } }
        let task = Task { try await sample.record(runner: runner) }
        var waiting = begun.stream.makeAsyncIterator()
        await waiting.next()
        task.cancel()
        await #expect(throws: Diagnostic("could not run `etc/conda/activate.d`: it was cancelled")) {
            try await task.value
        }
    }

    @Test func scriptsChangeNothingOnTheDisk() async throws {
        let sample = try ActivationSample(scripts: [
            "a": """
            touch "$CONDA_PREFIX/new" "$CONDA_PREFIX/../project/new" "$HOME/mine"
            echo x >>"$CONDA_PREFIX/etc/conda/activate.d/a.sh"
            export A=1
            """
        ])
        try sample.directory.write("project/file", "")
        try sample.directory.write("home/file", "")
        let delta = try await sample.record(runner: ConfiningRunner(child: try BuiltPrograms.child)).delta
        #expect(delta.assigned("A") == "1", "\(sample.said)")
        #expect(delta.scripts == nil)
        #expect(try FileSystem.list(sample.prefix) == ["bin", "etc"])
        #expect(try FileSystem.list(sample.directory.path / "project") == ["file"])
        #expect(try FileSystem.list(sample.directory.path / "home") == ["file"])
        #expect(try FileSystem.list(sample.directory.path / "scratch") == [])
        let script = try FileSystem.read(sample.prefix / "etc/conda/activate.d/a.sh")
        #expect(script.suffix(4).elementsEqual("A=1\n".utf8) || script.suffix(3).elementsEqual("A=1".utf8))
    }
}

/// Tells of each line that a command says.
private struct WatchedRunner: CommandRunner {
    let onLine: @Sendable (String) -> Void

    func run(_ command: Command, onLine: @escaping @Sendable (String) -> Void) async -> CommandResult {
        await PlainCommandRunner().run(command) { line in
            self.onLine(line)
            onLine(line)
        }
    }
}

/// Runs commands below the real `envd-child`, with a life line that does not end.
private struct ConfiningRunner: CommandRunner {
    let child: Path

    func run(_ command: Command, onLine: @escaping @Sendable (String) -> Void) async -> CommandResult {
        guard let writable = command.writable, let first = writable.first else {
            return CommandResult(ending: .notStarted(EPERM), standardOutput: [], standardError: [])
        }
        let line = first / "life-line"
        try? FileSystem.remove(line)
        try? FileSystem.makeFifo(line)
        var confined = command
        confined.executable = "/bin/sh"
        confined.arguments = ["-c", "exec \"$@\" <>\"$0\"", line.bytes, child.bytes]
        confined.arguments += writable.flatMap { ["--write", $0.bytes] }
        confined.arguments += ["--", command.executable.bytes] + command.arguments
        return await PlainCommandRunner().run(confined, onLine: onLine)
    }
}

private enum BuiltPrograms {
    /// The real `envd-child`, which is built beside the tests.
    static var child: Path {
        get throws {
            let program = try FileSystem.linkTarget("/proc/self/exe")
            let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") }.map { Path($0).parent / "envd-child" }
            let candidates = program.selfAndAncestors.map { $0 / "envd-child" } + [bundle].compactMap(\.self)
            return try #require(candidates.first { FileSystem.isExecutable($0) })
        }
    }
}

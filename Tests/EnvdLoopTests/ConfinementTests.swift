import EnvdCore
import EnvdLoop
import EnvdSystem
import EnvdTestSupport
import Glibc
import Testing

@Suite(.runningLoop, .timeLimit(.minutes(10))) struct ConfinementTests {
    private let runner: ChildRunner
    private let directory: TemporaryDirectory
    private let first: Path
    private let second: Path

    init() throws {
        runner = ChildRunner(child: try Built.child)
        directory = try TemporaryDirectory("confined")
        first = directory.path / "first"
        second = directory.path / "second"
        try FileSystem.makeDirectories(first)
        try FileSystem.makeDirectories(second)
        try directory.write("outside", "untouched")
    }

    private func run(_ script: String, writable: [Path]?) async -> CommandResult {
        await runner.run(shell(script, in: directory.path, writable: writable)) { _ in }
    }

    @Test(arguments: [
        "echo x >new", "echo x >outside", "mkdir new", "rm outside", "mv outside moved", "ln outside first/linked",
        "ln -s outside new", "truncate -s 0 outside", "mv first/file .",
    ])
    func whatIsOutsideTheTreesStaysAsItIs(change: String) async throws {
        try directory.write("first/file", "")
        let result = await run("echo x >first/inside && \(change)", writable: [first])
        #expect(!result.succeeded)
        #expect(FileSystem.exists(first / "inside"))
        #expect(try FileSystem.read(directory.path / "outside") == Array("untouched".utf8))
        #expect(try FileSystem.list(directory.path) == ["first", "outside", "second"])
    }

    @Test func filesMoveAndAreLinkedBetweenTwoTrees() async {
        let result = await run(
            "mkdir first/d && echo x >first/d/f && mv first/d second/ && ln second/d/f first/g && cat first/g outside",
            writable: [first, second])
        #expect(result.ending == .exited(0))
        #expect(result.standardOutput == Array("x\nuntouched".utf8))
    }

    @Test func theUsualDevicesCanBeWritten() async {
        #expect(await run("echo x >/dev/null && echo y >/dev/stderr", writable: [first]).succeeded)
    }

    @Test func noTreesMeanNoWriting() async {
        #expect(!(await run("echo x >first/new", writable: [])).succeeded)
        #expect(await run("cat outside", writable: []).succeeded)
    }

    @Test func withoutConfinementTheUsersRightsCount() async {
        #expect(await run("echo x >new", writable: nil).succeeded)
    }

    @Test func aTreeThatIsNotThereIsAnErrorThatNamesIt() async {
        let missing = directory.path / "missing"
        let result = await run("true", writable: [missing])
        #expect(result.ending == .notStarted(ENOENT))
        let text = String(decoding: result.standardError, as: UTF8.self)
        #expect(text == "envd-child: could not let the program write into `\(missing)`: no such file or directory\n")
    }
}

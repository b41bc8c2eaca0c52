import EnvdCore
import EnvdLoop
import EnvdSystem
import EnvdTestSupport
import Glibc
import Synchronization
import Testing

@Suite(.runningLoop, .timeLimit(.minutes(10))) struct ChildRunnerTests {
    private let runner: ChildRunner

    init() throws { runner = ChildRunner(child: try Built.child) }

    private func run(_ command: Command) async -> CommandResult { await runner.run(command) { _ in } }

    @Test func aCommandsOutputStatusAndLinesComeBack() async {
        let lines = Mutex<[String]>([])
        let result = await runner.run(shell("printf 'out\\n%s' \"$WORDS\"; printf 'one\\ntwo\\r\\nlast' >&2; exit 3")) {
            line in lines.withLock { $0.append(line) }
        }
        #expect(result.ending == .exited(3))
        #expect(String(decoding: result.standardOutput, as: UTF8.self) == "out\nkept whole")
        #expect(String(decoding: result.standardError, as: UTF8.self) == "one\ntwo\r\nlast")
        #expect(lines.withLock { $0 } == ["one", "two", "last"])
    }

    @Test func aSignalThatEndedTheProgramIsTold() async {
        #expect(await run(shell("kill -SEGV $$")).ending == .signalled(SIGSEGV))
    }

    @Test func onlyTheGivenEnvironmentAndDescriptorsReachTheProgram() async throws {
        let result = await run(
            Command(
                executable: "/usr/bin/env", arguments: [], environment: ["A": "1"], workingDirectory: "/",
                writable: nil))
        #expect(result.standardOutput == Array("A=1\n".utf8))
        let descriptors = await run(shell("cd /proc/self/fd && echo *; readlink 0; umask >/dev/null", in: "/"))
        let text = String(decoding: descriptors.standardOutput, as: UTF8.self)
        #expect(text.hasSuffix("/dev/null\n"))
        let numbers = text.split(separator: "\n").first?.split(separator: " ").compactMap { Int($0) } ?? []
        #expect(numbers.filter { $0 <= 2 } == [0, 1, 2])
        // The shell's own, with which it reads the directory.
        #expect(numbers.count <= 4)
    }

    @Test func theProgramIsNicerThanWeAreAndMakesNoCoreFiles() async throws {
        let result = await run(shell("nice; ulimit -c"))
        #expect(String(decoding: result.standardOutput, as: UTF8.self) == "10\n0\n")
    }

    @Test func outputOfManyMegabytesIsKeptWhole() async {
        let result = await run(shell("head -c 20000000 /dev/zero; head -c 300000 /dev/zero >&2"))
        #expect(result.succeeded)
        #expect(result.standardOutput.count == 20_000_000)
        #expect(result.standardError.count == 256 << 10)
    }

    @Test func outputWithoutEndEndsTheCommand() async {
        let result = await run(shell("cat /dev/zero"))
        #expect(result.ending == .signalled(SIGXFSZ))
    }

    @Test func aMissingProgramHasNotStarted() async {
        var command = shell("")
        command.executable = "/nowhere/program"
        let result = await run(command)
        #expect(result.ending == .notStarted(ENOENT))
        #expect(
            String(decoding: result.standardError, as: UTF8.self)
                == "envd-child: could not start `/nowhere/program`: no such file or directory\n")
    }

    @Test func aProgramThatExitsLikeAShellWithoutACommandHasStarted() async {
        #expect(await run(shell("exit 127")).ending == .exited(127))
    }

    @Test func aMissingSupervisorHasNotStarted() async {
        let runner = ChildRunner(child: "/nowhere/envd-child")
        #expect(await runner.run(shell("")) { _ in }.ending == .notStarted(ENOENT))
    }

    @Test func aProgramThatExitsTakesItsBackgroundProcessesWithIt() async throws {
        let result = await run(shell("sleep 1000 & echo $!; exit 0"))
        #expect(result.ending == .exited(0))
        let process = try #require(Int32(String(decoding: result.standardOutput.dropLast(), as: UTF8.self)))
        #expect(!isAlive(process))
    }

    @Test func twentyCommandsAtOnceAllEnd() async {
        let endings = await withTaskGroup(of: CommandResult.Ending.self) { group in
            for number in 0..<20 { group.addTask { await run(shell("exit \(number)")).ending } }
            return await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(endings == Set((0..<20).map { .exited($0) }))
    }
}

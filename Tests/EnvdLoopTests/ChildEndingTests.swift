import EnvdCore
import EnvdLoop
import EnvdSystem
import EnvdTestSupport
import Glibc
import Testing

/// A tree with every way out of a group that a process has; each one says its number once it is where it wants.
private let tree = """
    setsid sh -c 'echo $$ >&2; exec sleep 1000' &
    (setsid sh -c 'sh -c "echo \\$\\$ >&2; exec sleep 1000" & echo $$ >&2; wait' &)
    nohup sh -c 'trap "" TERM INT HUP; echo $$ >&2; sleep 1000; :' >/dev/null &
    echo $$ >&2
    wait; sleep 1000
    """
private let treeSize = 5

@Suite(.runningLoop, .timeLimit(.minutes(10))) struct ChildEndingTests {
    private func numbers(_ lines: Events<String>) async throws -> [Int32] {
        var numbers: [Int32] = []
        while numbers.count < treeSize {
            let line = try #require(await lines.next())
            numbers.append(try #require(Int32(line)))
        }
        return numbers
    }

    @Test func cancellingLeavesNoProcessOfTheTree() async throws {
        let runner = ChildRunner(child: try Built.child)
        let lines = Events<String>()
        let task = Task { await runner.run(shell(tree)) { lines.send($0) } }
        let processes = try await numbers(lines)
        #expect(processes.allSatisfy(isAlive))
        task.cancel()
        #expect(await task.value.ending == .cancelled)
        #expect(processes.filter(isAlive).isEmpty)
    }

    @Test func cancellingBeforeTheStartRunsNothing() async throws {
        let directory = try TemporaryDirectory("cancel")
        let runner = ChildRunner(child: try Built.child)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await runner.run(shell("touch started", in: directory.path)) { _ in }
        }
        #expect(await task.value.ending == .cancelled)
        #expect(!FileSystem.exists(directory.path / "started"))
    }

    private func supervised(
        _ lines: Events<String>, _ ends: Events<ChildProcess.Outcome>
    ) async throws -> ChildProcess {
        try await ChildProcess(
            arguments: [try Built.child.bytes, "--report", "3", "--", "/bin/sh", "-c", ByteString(tree)],
            environment: ["PATH": "/usr/bin:/bin"], workingDirectory: "/", onLine: { lines.send($0) },
            onEnd: { ends.send($0) })
    }

    @Test func aLostLifeLineLeavesNoProcessOfTheTree() async throws {
        let (lines, ends) = (Events<String>(), Events<ChildProcess.Outcome>())
        let child = try await supervised(lines, ends)
        let processes = try await numbers(lines)
        await child.closeLifeLine()
        let outcome = try #require(await ends.next())
        #expect(processes.filter(isAlive).isEmpty)
        #expect(outcome.report == Array("ended\n".utf8))
        #expect(outcome.status == 143)
    }

    @Test(arguments: [SIGTERM, SIGINT, SIGHUP])
    func aSignalToTheSupervisorLeavesNoProcessOfTheTree(signal: Int32) async throws {
        let (lines, ends) = (Events<String>(), Events<ChildProcess.Outcome>())
        let child = try await supervised(lines, ends)
        let processes = try await numbers(lines)
        kill(await child.identifier, signal)
        _ = try #require(await ends.next())
        #expect(processes.filter(isAlive).isEmpty)
    }

    @Test func aProcessThatDiesWithSIGKILLTakesTheTreesItStartedWithIt() async throws {
        // This shell stands for the daemon: it alone holds the life line's other end.
        let child = try Built.child.description
        let directory = try TemporaryDirectory("daemon")
        try FileSystem.makeFifo(directory.path / "life")
        try FileSystem.makeFifo(directory.path / "held")
        try directory.write("tree", tree)
        // The supervisor keeps its output open to its own end, which comes after everybody else's.
        let held = FileSystem.withCPath(directory.path / "held") { open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC) }
        try #require(held >= 0)
        defer { close(held) }
        let gone = Events<Void>()
        let poll = try await DescriptorPoll(descriptor: held, events: .readable) { _ in gone.send(()) }
        let (lines, ends) = (Events<String>(), Events<ChildProcess.Outcome>())
        let script = "\(child) -- /bin/sh tree <life >held & exec 9>life; wait"
        let daemon = try await ChildProcess(
            arguments: ["/bin/sh", "-c", ByteString(script)], environment: ["PATH": "/usr/bin:/bin"],
            workingDirectory: directory.path, onLine: { lines.send($0) }, onEnd: { ends.send($0) })
        let processes = try await numbers(lines)
        #expect(processes.allSatisfy(isAlive))
        kill(await daemon.identifier, SIGKILL)
        #expect(await ends.next()?.signal == SIGKILL)
        await gone.next()
        #expect(processes.filter(isAlive).isEmpty)
        await poll.close()
    }
}

import EnvdCore
import EnvdLoop
import Glibc
import Synchronization
import Testing

@Suite(.runningLoop) struct LoopExecutorTests {
    @LoopActor final class Journal {
        var entries: [Int] = []
        func note(_ entry: Int) { entries.append(entry) }
    }

    @LoopActor private func threadOfTheLoop() -> UInt { UInt(pthread_self()) }

    @Test func jobsHopToTheOneThreadOfTheLoop() async {
        let first = await threadOfTheLoop()
        let second = await threadOfTheLoop()
        #expect(first == second)
        #expect(first != UInt(pthread_self()))
    }

    @Test func jobsOfOneCallerRunInOrder() async {
        let journal = Journal()
        var last: Task<Void, Never>?
        for entry in 0..<100 { last = Task { @LoopActor in journal.note(entry) } }
        await last?.value
        #expect(await journal.entries == Array(0..<100))
    }

    @Test func tenThousandJobsFromManyThreadsAllRun() async {
        let journal = Journal()
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<100 {
                group.addTask { for step in 0..<100 { await journal.note(worker * 100 + step) } }
            }
        }
        #expect(await journal.entries.sorted() == Array(0..<10_000))
    }

    @Test func jobsThatQueueJobsLeaveTimersTheirTurn() async {
        let journal = Journal()
        let spinning = Task { @LoopActor in
            while !Task.isCancelled { await Task.yield() }
            journal.note(1)
        }
        let fired = Events<Void>()
        await LoopTimer(after: .milliseconds(1)) { fired.send(()) }
        await fired.next()
        spinning.cancel()
        await spinning.value
        #expect(await journal.entries == [1])
    }

    @Test func theLoopEndsWithItsBodyWhateverIsStillOpen() async {
        await #expect(processExitsWith: .exitCode(7)) {
            let code = EventLoop.run {
                LoopTimer(after: .seconds(3600)) {}
                _ = try? SignalWatch(signal: SIGUSR1) {}
                _ = try? ChildProcess(
                    arguments: ["/bin/cat"], environment: [:], workingDirectory: "/", onLine: { _ in }, onEnd: { _ in })
                Task { @LoopActor in LoopTimer(after: .seconds(3600)) {} }
                await Task.yield()
                return 7
            }
            exit(code)
        }
    }

    @Test func aLoopThatWaitsForATimerSleepsUntilThen() async {
        await #expect(processExitsWith: .success) {
            let code = EventLoop.run {
                func switches() -> Int {
                    var usage = rusage()
                    // RUSAGE_THREAD
                    getrusage(1, &usage)
                    return usage.ru_nvcsw
                }
                let before = switches()
                await withCheckedContinuation { continuation in
                    LoopTimer(after: .milliseconds(300)) { continuation.resume() }
                }
                return switches() - before <= 2 ? EXIT_SUCCESS : EXIT_FAILURE
            }
            exit(code)
        }
    }
}

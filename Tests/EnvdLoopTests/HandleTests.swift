import EnvdLoop
import EnvdSystem
import Glibc
import Testing

@Suite(.runningLoop) struct HandleTests {
    @Test func aTimerFiresNoEarlierThanAsked() async {
        let fired = Events<Void>()
        let clock = ContinuousClock()
        let start = clock.now
        await LoopTimer(after: .milliseconds(20)) { fired.send(()) }
        await fired.next()
        // libuv counts whole milliseconds.
        #expect(clock.now - start >= .milliseconds(19))
    }

    @Test func aRepeatingTimerFiresUntilItIsCancelled() async {
        let done = Events<Int>()
        await Self.countToThree { done.send($0) }
        #expect(await done.next() == 3)
    }

    @LoopActor private static func countToThree(then report: @escaping @Sendable (Int) -> Void) {
        var count = 0
        var timer: LoopTimer?
        timer = LoopTimer(after: .zero, every: .milliseconds(1)) {
            count += 1
            guard count == 3 else { return }
            timer?.cancel()
            // Had the cancelled timer gone on, it would be counted before this.
            LoopTimer(after: .milliseconds(10)) { report(count) }
        }
    }

    @Test func aCancelledTimerDoesNotFire() async {
        let events = Events<String>()
        await Task { @LoopActor in
            let cancelled = LoopTimer(after: .milliseconds(1)) { events.send("cancelled") }
            cancelled.cancel()
            cancelled.cancel()
            LoopTimer(after: .milliseconds(10)) { events.send("later") }
        }.value
        #expect(await events.next() == "later")
    }

    @Test func aPollTellsWhenAPipeCanBeReadAndWhenItsWriterIsGone() async throws {
        var ends: [Int32] = [-1, -1]
        try #require(pipe(&ends) == 0)
        let (reading, writing) = (ends[0], ends[1])
        defer { close(reading) }
        let seen = Events<Int>()
        let poll = try await DescriptorPoll(descriptor: reading, events: .readable) { events in
            #expect(events.contains(.readable))
            var byte: UInt8 = 0
            seen.send(read(reading, &byte, 1))
        }
        try #require(write(writing, "x", 1) == 1)
        #expect(await seen.next() == 1)
        close(writing)
        #expect(await seen.next() == 0)
        await poll.close()
    }

    @Test func aDescriptorThatCannotBeWatchedIsRefused() async {
        await #expect(throws: SystemError.self) {
            try await DescriptorPoll(descriptor: -1, events: .readable) { _ in }
        }
    }

    @Test func aSignalReachesTheLoop() async throws {
        let seen = Events<Void>()
        let watch = try await SignalWatch(signal: SIGUSR2) { seen.send(()) }
        kill(getpid(), SIGUSR2)
        await seen.next()
        await watch.close()
    }
}

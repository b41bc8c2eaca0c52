import EnvdCore
import EnvdLoop
import Testing

@testable import EnvdDaemon

@Suite("Builds wait for their turn", .timeLimit(.minutes(10)))
struct BuildQueueTests {
    init() { EventLoop.startForTests() }

    @Test("no more run at once than there are places, and the others in the order in which they came")
    func order() async throws {
        let queue = await BuildQueue(places: 1)
        let gate = Gate()
        let entered = Gate()
        let order = Record<Int>()
        let first = Task { @LoopActor in
            await queue.run {
                entered.open()
                await gate.pass()
                order.add(0)
            }
        }
        await entered.pass()
        let others = (1...3).map { number in
            Task { @LoopActor in await queue.run { order.add(number) } }
        }
        gate.open()
        await first.value
        for task in others { await task.value }
        #expect(order.all == [0, 1, 2, 3])
    }

    @Test("what somebody waits for goes first, then what a shell stands in, then the others as they came")
    func urgency() async throws {
        let queue = await BuildQueue(places: 1, shells: { ["/home/p/src"] })
        let gate = Gate()
        let entered = Gate()
        let order = Record<Int>()
        let first = Task { @LoopActor in
            await queue.run {
                entered.open()
                await gate.pass()
            }
        }
        await entered.pass()
        let roots: [Path] = ["/home/a", "/home/b", "/home/p", "/home/w"]
        // Each is in the queue before the next: they all start on the loop, in this order.
        let others = roots.indices.map { number in
            Task { @LoopActor in
                await queue.run(urgency: { shells in
                    if number == 3 { return .awaited }
                    return shells.contains { $0.isWithin(roots[number]) } ? .shell : .background
                }) { order.add(number) }
            }
        }
        await Task { @LoopActor in }.value
        gate.open()
        await first.value
        for task in others { await task.value }
        #expect(order.all == [3, 2, 0, 1])
    }

    @Test("one that is cancelled while it waits never runs and keeps nobody waiting")
    func cancelled() async throws {
        let queue = await BuildQueue(places: 1)
        let gate = Gate()
        let entered = Gate()
        let first = Task { @LoopActor in
            await queue.run {
                entered.open()
                await gate.pass()
            }
        }
        await entered.pass()
        let second = Task { @LoopActor in await queue.run { true } }
        second.cancel()
        #expect(await second.value == nil)
        gate.open()
        await first.value
        #expect(await Task { @LoopActor in await queue.run { true } }.value == true)
    }
}

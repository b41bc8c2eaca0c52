import EnvdCore
import EnvdEngines
import EnvdLoop
import Testing

@testable import EnvdDaemon

@Suite("One of all builds downloads, others work meanwhile", .timeLimit(.minutes(10)))
struct BuildTurnsTests {
    init() { EventLoop.startForTests() }

    private static let done = CommandResult(ending: .exited(0), standardOutput: [], standardError: [])

    /// Longer than a loaded machine may keep a test from its turn.
    private static let long = Duration.seconds(86_400)

    /// A build that downloads until the gate opens.
    private func fetching(
        _ turns: BuildTurns, _ name: String, _ record: Record<String>, begun: Gate, until gate: Gate
    ) -> Task<CommandResult?, Never> {
        Task { @LoopActor in
            await turns.run { fetches in
                let result = await fetches.run {
                    record.add("\(name) downloads")
                    begun.open()
                    await gate.pass()
                    return Self.done
                }
                record.add("\(name) works")
                return result
            }
        }
    }

    @Test("a build that downloads gives its place to another, and a second download waits for the first")
    func oneAtATime() async throws {
        let turns = await BuildTurns(links: 1, patience: Self.long)
        let (record, first, second, gate, open) = (Record<String>(), Gate(), Gate(), Gate(), Gate())
        open.open()
        let one = fetching(turns, "one", record, begun: first, until: gate)
        await first.pass()
        let two = fetching(turns, "two", record, begun: second, until: open)
        // With one place, that of the two that wait for the network.
        #expect(await Task { @LoopActor in await turns.run { _ in record.add("three works") } }.value != nil)
        #expect(record.all == ["one downloads", "three works"])
        gate.open()
        #expect(await one.value == Self.done)
        #expect(await two.value == Self.done)
        #expect(record.all.filter { $0.hasSuffix("downloads") } == ["one downloads", "two downloads"])
    }

    @Test("a download that takes too long holds nobody up, and one that is cancelled while it waits never begins")
    func patience() async throws {
        let turns = await BuildTurns(links: 2, patience: .milliseconds(1))
        let (record, first, second, gate) = (Record<String>(), Gate(), Gate(), Gate())
        let one = fetching(turns, "one", record, begun: first, until: gate)
        await first.pass()
        let two = fetching(turns, "two", record, begun: second, until: gate)
        await second.pass()
        gate.open()
        #expect(await one.value == Self.done)
        #expect(await two.value == Self.done)

        let patient = await BuildTurns(links: 2, patience: Self.long)
        let (third, fourth, last) = (Gate(), Gate(), Gate())
        let three = fetching(patient, "three", record, begun: third, until: last)
        await third.pass()
        let four = fetching(patient, "four", record, begun: fourth, until: last)
        four.cancel()
        #expect([nil, .cancelled].contains(await four.value?.ending))
        last.open()
        #expect(await three.value == Self.done)
        #expect(!record.all.contains("four downloads"))
    }
}

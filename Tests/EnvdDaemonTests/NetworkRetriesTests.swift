import EnvdCore
import EnvdLoop
import Logging
import Testing

@testable import EnvdDaemon

@Suite("Builds that the network failed are tried again", .timeLimit(.minutes(10)))
struct NetworkRetriesTests {
    init() { EventLoop.startForTests() }

    private let project = ProjectID("p")
    private let told = AsyncStream<String>.makeStream()

    @LoopActor private func fail(_ retries: NetworkRetries, _ key: String = "k", of project: ProjectID? = nil) {
        retries.failed(project ?? self.project, key: Fingerprint(hex: key)) { [told] in told.continuation.yield($0) }
    }

    @Test("after pauses that grow with each failure of a spec; with nothing left to try nothing can wake the daemon")
    func pauses() async throws {
        let asked = Record<Int>()
        let retries = await onLoop {
            NetworkRetries(logger: Logger(label: "test")) { failures in
                asked.add(failures)
                return .milliseconds(failures)
            }
        }
        var next = told.stream.makeAsyncIterator()
        #expect(await !retries.isAwake)
        for _ in 1...3 {
            await fail(retries)
            #expect(await next.next() == "the network may be back")
            await retries.begin(project)
            #expect(await retries.pause(project) == nil)
        }
        await fail(retries, "another")
        #expect(asked.all == [1, 2, 3, 1])
        #expect(await next.next() == "the network may be back")
        await retries.end(project)
        #expect(await !retries.isAwake)
    }

    @Test("at once when the network changed, also where that was during the try")
    func change() async throws {
        let retries = await onLoop { NetworkRetries(logger: Logger(label: "test")) { _ in .seconds(3600) } }
        var next = told.stream.makeAsyncIterator()
        await fail(retries)
        #expect(try #require(await retries.pause(project)) > .seconds(3000))
        await retries.networkChanged()
        #expect(await next.next() == "the network changed")
        // That one fails, and nothing changed since it began.
        await fail(retries)
        #expect(try #require(await retries.pause(project)) > .seconds(3000))
        let other = ProjectID("q")
        await fail(retries, of: other)
        await retries.begin(other)
        await retries.networkChanged()
        #expect(await retries.pause(other) == nil)
        await fail(retries, of: other)
        #expect(try #require(await retries.pause(other)) < .seconds(60))
        for project in [project, other] { await retries.end(project) }
        #expect(await !retries.isAwake)
    }

    @LoopActor private func onLoop<Value: Sendable>(_ body: @LoopActor () -> Value) -> Value { body() }
}

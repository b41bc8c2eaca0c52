import EnvdCore
import Testing

@Suite("When a build is tried again that the network failed")
struct RetryPolicyTests {
    @Test(
        "pauses grow to half an hour and stay there", arguments: [(1, 30), (2, 120), (3, 600), (4, 1800), (99, 1800)])
    func pauses(failures: Int, seconds: Int) { #expect(RetryPolicy.pause(after: failures) == .seconds(seconds)) }

    @Test("after a change it is tried at once, unless that was tried just now and many times")
    func afterChange() {
        #expect((1...3).map { RetryPolicy.pauseAfterChange(failures: $0) } == [.zero, .seconds(10), .seconds(20)])
        #expect(RetryPolicy.pauseAfterChange(failures: 1000) == .seconds(120))
    }

    @Test(
        "a pause is told in whole seconds, then in whole minutes, and never as too short",
        arguments: [(0, "1 s"), (29_400, "30 s"), (60_000, "60 s"), (60_001, "2 min"), (1_800_000, "30 min")])
    func words(milliseconds: Int, text: String) { #expect(RetryPolicy.words(.milliseconds(milliseconds)) == text) }
}

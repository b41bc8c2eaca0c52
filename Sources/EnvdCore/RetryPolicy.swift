/// When a build is tried again that failed for want of the network.
package enum RetryPolicy {
    private static let pauses: [Duration] = [.seconds(30), .seconds(120), .seconds(600), .seconds(1800)]

    /// How long to wait after so many failures in a row, from 1: half an hour from the fourth on.
    package static func pause(after failures: Int) -> Duration {
        pauses[min(max(failures, 1), pauses.count) - 1]
    }

    /// The same where the machine's network changed meanwhile: at once at first; a network that comes and goes all the
    /// time costs a try every two minutes.
    package static func pauseAfterChange(failures: Int) -> Duration { .seconds(min(10 * (max(failures, 1) - 1), 120)) }

    /// How long a network that is coming up is left alone: an address comes before a route and a name server.
    package static let settling = Duration.seconds(1)

    /// `45 s`, `2 min`: for people, never too short.
    package static func words(_ pause: Duration) -> String {
        let (seconds, rest) = pause.components
        let whole = max(seconds + (rest > 0 ? 1 : 0), 1)
        return whole <= 60 ? "\(whole) s" : "\((whole + 59) / 60) min"
    }
}

internal import CUV

/// Calls back after a while, once or again and again, with a resolution of a millisecond.
package final class LoopTimer: LoopHandle {
    private var action: (@LoopActor () -> Void)?
    private let repeats: Bool

    /// - Parameters:
    ///   - delay: until the first call; never fires early. Negative counts as zero.
    ///   - interval: between calls; nil or nothing positive: one call, after which the timer is closed.
    @discardableResult
    package init(after delay: Duration, every interval: Duration? = nil, action: @escaping @LoopActor () -> Void) {
        let interval = interval.map(Self.milliseconds) ?? 0
        self.action = action
        repeats = interval > 0
        super.init(UV_TIMER)
        let loop = uv_default_loop()
        uv_timer_init(loop, pointer(as: uv_timer_t.self))
        adopt()
        // The loop's clock stands still while callbacks run: without this the timer would be early.
        uv_update_time(loop)
        uv_timer_start(
            pointer(as: uv_timer_t.self), { LoopHandle.owner($0, as: LoopTimer.self)?.fire() },
            Self.milliseconds(delay), interval)
    }

    /// The same as `close()`.
    package func cancel() { close() }

    private func fire() {
        let action = action
        if !repeats { close() }
        action?()
    }

    override func willClose() { action = nil }

    /// Rounded up, so that nothing is early.
    private static func milliseconds(_ duration: Duration) -> UInt64 {
        let (seconds, attoseconds) = duration.components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let perMillisecond: Int64 = 1_000_000_000_000_000
        return UInt64(seconds) * 1000 + UInt64((attoseconds + perMillisecond - 1) / perMillisecond)
    }
}

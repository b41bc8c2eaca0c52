internal import CUV
package import EnvdSystem

/// Calls back on the loop whenever the process gets a signal, whose default effect is off meanwhile.
package final class SignalWatch: LoopHandle {
    private var action: (@LoopActor () -> Void)?

    package init(signal: Int32, action: @escaping @LoopActor () -> Void) throws(SystemError) {
        self.action = action
        super.init(UV_SIGNAL)
        let handle = pointer(as: uv_signal_t.self)
        let code = uv_signal_init(uv_default_loop(), handle)
        if code < 0 { discard() }
        try Self.check(code, "watch the signal")
        adopt()
        let started = uv_signal_start(
            handle, { handle, _ in LoopHandle.owner(handle, as: SignalWatch.self)?.action?() }, signal)
        if started < 0 { close() }
        try Self.check(started, "watch the signal")
    }

    override func willClose() { action = nil }
}

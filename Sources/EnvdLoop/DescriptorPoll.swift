internal import CUV
package import EnvdSystem

/// Tells when a descriptor can be read or written, for as long as it can (level-triggered).
package final class DescriptorPoll: LoopHandle {
    package struct Events: OptionSet, Sendable {
        package let rawValue: Int32
        package init(rawValue: Int32) { self.rawValue = rawValue }
        package static let readable = Events(rawValue: 1)
        package static let writable = Events(rawValue: 2)
        /// Something out of the ordinary, as a changed mount table has it (POLLPRI).
        package static let urgent = Events(rawValue: 8)
        /// The kernel reports an error on the descriptor; the poll is closed by then.
        package static let failed = Events(rawValue: 1 << 16)
    }

    private var action: (@LoopActor (Events) -> Void)?

    /// - Parameter descriptor: stays the caller's, who closes it after this; is made non-blocking. What epoll(7)
    ///   cannot watch (a regular file) and what is watched already is refused.
    package init(
        descriptor: Int32, events: Events, action: @escaping @LoopActor (Events) -> Void
    ) throws(SystemError) {
        self.action = action
        super.init(UV_POLL)
        let handle = pointer(as: uv_poll_t.self)
        let code = uv_poll_init(uv_default_loop(), handle, descriptor)
        if code < 0 { discard() }
        try Self.check(code, "watch the descriptor")
        adopt()
        let started = uv_poll_start(handle, events.rawValue & 0b1011) { handle, status, events in
            LoopHandle.owner(handle, as: DescriptorPoll.self)?.happened(status, events)
        }
        if started < 0 { close() }
        try Self.check(started, "watch the descriptor")
    }

    private func happened(_ status: Int32, _ events: Int32) {
        let action = action
        if status < 0 {
            close()
            action?(.failed)
        } else {
            action?(Events(rawValue: events))
        }
    }

    override func willClose() { action = nil }
}

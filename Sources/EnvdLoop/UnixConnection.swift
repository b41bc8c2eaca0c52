internal import CPosixShims
internal import CUV
internal import EnvdSystem
internal import Glibc

/// One client of a Unix socket.
package final class UnixConnection: StreamHandle {
    /// Why nothing more will come.
    package enum End: Hashable, Sendable {
        /// The peer has said all; it may still wait for an answer, and the connection is open for that.
        case finished
        /// The peer is gone; `errno`. The connection is closed.
        case failed(Int32)
        /// The peer does not read what it is sent. The connection is closed.
        case dropped
    }

    /// Who is at the other end, as the kernel saw it when it connected.
    package struct Peer: Hashable, Sendable {
        package var user: UInt32
        package var process: Int32
    }

    package private(set) var peer = Peer(user: .max, process: -1)
    /// The most bytes that wait for the peer to read before it is dropped.
    package var writeLimit = 8 << 20

    /// Called whenever the peer has been sent all that was written.
    package var onDrained: (@LoopActor () -> Void)?
    /// Whether something that was written waits for the peer to read.
    package var hasUnsent: Bool { !isClosed && uv_stream_get_write_queue_size(stream) > 0 }

    /// Called once, when the connection is closed, by whomever.
    package var onClose: (@LoopActor () -> Void)?

    private(set) var isStarted = false
    private var isShuttingDown = false
    private var onData: (@LoopActor ([UInt8]) -> Void)?
    private var onEnd: (@LoopActor (End) -> Void)?

    func learnPeer() -> Bool {
        guard let descriptor else { return false }
        var (user, process) = (UInt32.max, Int32(-1))
        guard shim_peer_credentials(descriptor, &user, &process) == 0 else { return false }
        peer = Peer(user: user, process: process)
        return true
    }

    /// Starts reading; to be called in the listener's callback, for a connection that nobody starts is closed.
    ///
    /// - Parameters:
    ///   - onData: what came, cut anywhere.
    ///   - onEnd: called once, unless `close()` or `shutdownAfterWrites()` comes to an end before.
    package func start(
        onData: @escaping @LoopActor ([UInt8]) -> Void, onEnd: @escaping @LoopActor (End) -> Void
    ) {
        isStarted = true
        self.onData = onData
        self.onEnd = onEnd
        do throws(SystemError) { try startReading() } catch { fail(.failed(error.code)) }
    }

    /// Sends bytes, at once where the peer keeps up, else when it reads; nothing once the connection is closed.
    package func write(_ bytes: [UInt8]) {
        if isClosed || isShuttingDown || bytes.isEmpty { return }
        if uv_stream_get_write_queue_size(stream) + bytes.count > writeLimit { return fail(.dropped) }
        let request = UnsafeMutablePointer<uv_write_t>.allocate(capacity: 1)
        let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count)
        copy.initialize(from: bytes, count: bytes.count)
        request.pointee.data = UnsafeMutableRawPointer(copy)
        var buffer = uv_buf_t(
            base: UnsafeMutableRawPointer(copy).assumingMemoryBound(to: CChar.self), len: bytes.count)
        let code = uv_write(request, stream, &buffer, 1) { request, status in
            guard let request else { return }
            let connection = LoopHandle.owner(request.pointee.handle, as: UnixConnection.self)
            request.pointee.data?.deallocate()
            request.deallocate()
            if status < 0 {
                connection?.fail(.failed(-status))
            } else if let connection, !connection.hasUnsent {
                connection.onDrained?()
            }
        }
        if code < 0 {
            copy.deallocate()
            request.deallocate()
            fail(.failed(-code))
        }
    }

    /// Closes the connection once the peer has been sent all that was written; what is written later is dropped.
    ///
    /// A peer that never reads keeps it open: who minds that closes it after a while.
    package func shutdownAfterWrites() {
        if isClosed || isShuttingDown { return }
        isShuttingDown = true
        let request = UnsafeMutablePointer<uv_shutdown_t>.allocate(capacity: 1)
        let code = uv_shutdown(request, stream) { request, _ in
            guard let request else { return }
            let connection = LoopHandle.owner(request.pointee.handle, as: UnixConnection.self)
            request.deallocate()
            connection?.close()
        }
        if code < 0 {
            request.deallocate()
            close()
        }
    }

    private func fail(_ end: End) {
        let onEnd = onEnd
        close()
        onEnd?(end)
    }

    override func received(_ bytes: [UInt8]) { onData?(bytes) }

    override func readingEnded(_ code: Int32) {
        if code != 0 { return fail(.failed(code)) }
        let onEnd = onEnd
        self.onEnd = nil
        onData = nil
        onEnd?(.finished)
    }

    override func willClose() {
        onData = nil
        onEnd = nil
        onDrained = nil
        let onClose = onClose
        self.onClose = nil
        onClose?()
    }
}

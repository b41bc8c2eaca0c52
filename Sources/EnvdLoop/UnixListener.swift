internal import CUV
package import EnvdSystem
internal import Glibc

/// Accepts connections on a Unix socket that somebody else has bound and set to listen.
package final class UnixListener: LoopHandle {
    private var onConnection: (@LoopActor (UnixConnection) -> Void)?
    private var hasRoom: @LoopActor () -> Bool
    /// Whether a connection waits for `acceptHeldUp`; those behind it wait in the kernel's backlog.
    package private(set) var isHeldUp = false

    /// - Parameters:
    ///   - descriptor: belongs to the listener from here on, which closes it, on failure too. The socket's name stays
    ///     in the file system.
    ///   - hasRoom: asked before each connection is taken; see `acceptHeldUp`.
    package init(
        descriptor: Int32, hasRoom: @escaping @LoopActor () -> Bool = { true },
        onConnection: @escaping @LoopActor (UnixConnection) -> Void
    ) throws(SystemError) {
        self.onConnection = onConnection
        self.hasRoom = hasRoom
        super.init(UV_NAMED_PIPE)
        uv_pipe_init(uv_default_loop(), pointer(as: uv_pipe_t.self), 0)
        adopt()
        let opened = uv_pipe_open(pointer(as: uv_pipe_t.self), descriptor)
        if opened < 0 { Glibc.close(descriptor) }
        let code =
            opened < 0
            ? opened
            : uv_listen(pointer(as: uv_stream_t.self), SOMAXCONN) { server, status in
                if status == 0 { LoopHandle.owner(server, as: UnixListener.self)?.arrived() }
            }
        if code < 0 { close() }
        try Self.check(code, "listen on the socket")
    }

    private func arrived() {
        // libuv stops listening until the one that came is taken (uv_listen).
        if hasRoom() { accept() } else { isHeldUp = true }
    }

    /// There may be room again: takes the connection that had to wait, if there is one.
    package func acceptHeldUp() {
        guard isHeldUp, !isClosed, hasRoom() else { return }
        isHeldUp = false
        accept()
    }

    private func accept() {
        let connection = UnixConnection()
        guard uv_accept(pointer(as: uv_stream_t.self), connection.stream) == 0, connection.learnPeer() else {
            connection.close()
            return
        }
        onConnection?(connection)
        // Nobody would ever read or close it.
        if !connection.isStarted { connection.close() }
    }

    override func willClose() {
        onConnection = nil
        hasRoom = { false }
        isHeldUp = false
    }
}

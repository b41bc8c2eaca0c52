internal import CUV
package import EnvdSystem
internal import Glibc

/// Accepts connections on a Unix socket that somebody else has bound and set to listen.
package final class UnixListener: LoopHandle {
    private var onConnection: (@LoopActor (UnixConnection) -> Void)?

    /// - Parameter descriptor: belongs to the listener from here on, which closes it, on failure too. The socket's
    ///   name stays in the file system.
    package init(
        descriptor: Int32, onConnection: @escaping @LoopActor (UnixConnection) -> Void
    ) throws(SystemError) {
        self.onConnection = onConnection
        super.init(UV_NAMED_PIPE)
        uv_pipe_init(uv_default_loop(), pointer(as: uv_pipe_t.self), 0)
        adopt()
        let opened = uv_pipe_open(pointer(as: uv_pipe_t.self), descriptor)
        if opened < 0 { Glibc.close(descriptor) }
        let code =
            opened < 0
            ? opened
            : uv_listen(pointer(as: uv_stream_t.self), SOMAXCONN) { server, status in
                if status == 0 { LoopHandle.owner(server, as: UnixListener.self)?.accept() }
            }
        if code < 0 { close() }
        try Self.check(code, "listen on the socket")
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

    override func willClose() { onConnection = nil }
}

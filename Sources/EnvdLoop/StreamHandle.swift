internal import CUV
internal import EnvdSystem
internal import Glibc

/// A libuv pipe that is read as long as it is open: what connections and the output of children share.
package class StreamHandle: LoopHandle {
    private static let chunkSize = 65536
    /// One for the whole loop: what is read is copied out before the next read.
    private static let chunk = UnsafeMutablePointer<CChar>.allocate(capacity: chunkSize)

    init() {
        super.init(UV_NAMED_PIPE)
        // Fails for no reason but a bad argument.
        uv_pipe_init(uv_default_loop(), pointer(as: uv_pipe_t.self), 0)
        adopt()
    }

    var stream: UnsafeMutablePointer<uv_stream_t> { pointer(as: uv_stream_t.self) }

    /// The descriptor under the handle; nil where it has none.
    var descriptor: Int32? {
        var descriptor: Int32 = -1
        return uv_fileno(pointer(as: uv_handle_t.self), &descriptor) == 0 ? descriptor : nil
    }

    /// Makes an open descriptor this handle's, which then closes it.
    final func take(_ descriptor: Int32) throws(SystemError) {
        try Self.check(uv_pipe_open(pointer(as: uv_pipe_t.self), descriptor), "open the stream")
    }

    /// From now on `received` and, once, `readingEnded` are called.
    final func startReading() throws(SystemError) {
        let code = uv_read_start(
            stream,
            { _, _, buffer in buffer?.pointee = uv_buf_init(StreamHandle.chunk, UInt32(StreamHandle.chunkSize)) },
            { stream, count, _ in
                guard let handle = LoopHandle.owner(stream, as: StreamHandle.self) else { return }
                if count > 0 {
                    handle.received(Array(UnsafeRawBufferPointer(start: StreamHandle.chunk, count: count)))
                } else if count < 0 {
                    uv_read_stop(stream)
                    handle.readingEnded(count == Int(UV_EOF.rawValue) ? 0 : Int32(-count))
                }
            })
        try Self.check(code, "read the stream")
    }

    /// Reads what is there already, without waiting for more, then closes.
    final func drainAndClose() {
        if isClosed { return }
        uv_read_stop(stream)
        if let descriptor {
            while !isClosed {
                let count = read(descriptor, Self.chunk, Self.chunkSize)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                received(Array(UnsafeRawBufferPointer(start: Self.chunk, count: count)))
            }
        }
        close()
    }

    func received(_ bytes: [UInt8]) {}

    /// - Parameter code: 0 at the end of the data, else `errno`.
    func readingEnded(_ code: Int32) {}
}

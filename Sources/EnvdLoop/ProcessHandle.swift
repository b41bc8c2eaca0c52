internal import CUV
internal import EnvdCore
internal import EnvdSystem
internal import Glibc

/// A process that libuv started for us and reaps.
final class ProcessHandle: LoopHandle {
    private var onExit: (@LoopActor (_ status: Int64, _ signal: Int32) -> Void)?

    var identifier: Int32 { isClosed ? -1 : pointer(as: uv_process_t.self).pointee.pid }

    /// - Parameters:
    ///   - arguments: the program first.
    ///   - descriptors: what the child gets as 0, 1, 2 and so on; nothing else reaches it.
    init(
        arguments: [ByteString], environment: [ByteString: ByteString], workingDirectory: Path, descriptors: [Int32],
        onExit: @escaping @LoopActor (_ status: Int64, _ signal: Int32) -> Void
    ) throws(SystemError) {
        self.onExit = onExit
        super.init(UV_PROCESS)
        adopt()
        let argumentStrings = CStrings(arguments.map(\.bytes))
        let variables = environment.map { name, value in name.bytes + [UInt8(ascii: "=")] + value.bytes }
        let environmentStrings = CStrings(variables)
        let directory = CStrings([workingDirectory.bytes.bytes])
        var containers = descriptors.map { descriptor in
            var container = uv_stdio_container_t()
            container.flags = UV_INHERIT_FD
            container.data.fd = descriptor
            return container
        }
        let code = containers.withUnsafeMutableBufferPointer { containers in
            var options = uv_process_options_t()
            options.file = UnsafePointer(argumentStrings.pointer[0])
            options.args = argumentStrings.pointer
            options.env = environmentStrings.pointer
            options.cwd = UnsafePointer(directory.pointer[0])
            options.flags = UV_PROCESS_DETACHED.rawValue
            options.stdio_count = Int32(containers.count)
            options.stdio = containers.baseAddress
            options.exit_cb = { process, status, signal in
                LoopHandle.owner(process, as: ProcessHandle.self)?.exited(status, signal)
            }
            return uv_spawn(uv_default_loop(), pointer(as: uv_process_t.self), &options)
        }
        // libuv wants a process that did not start to be closed, too.
        if code < 0 { close() }
        try Self.check(code, "start the program")
    }

    private func exited(_ status: Int64, _ signal: Int32) {
        let onExit = onExit
        close()
        onExit?(status, signal)
    }

    override func willClose() { onExit = nil }
}

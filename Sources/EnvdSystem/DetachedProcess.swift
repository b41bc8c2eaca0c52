internal import CPosixShims
package import EnvdCore
internal import Glibc

/// A process that outlives the one that starts it.
package enum DetachedProcess {
    /// Starts a program in a session of its own, in `/`, with nothing open but the three standard descriptors.
    ///
    /// - Parameters:
    ///   - errors: what its standard output and error are appended to.
    ///   - ready: the child's descriptor 3: an open pipe end of the caller's, which the child writes to or closes.
    package static func start(
        _ program: Path, _ arguments: [ByteString], environment: [ByteString: ByteString], errors: Path, ready: Int32?
    ) throws(SystemError) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        _ = FileSystem.withCPath(errors) {
            posix_spawn_file_actions_addopen(&actions, 1, $0, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        }
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        if let ready { posix_spawn_file_actions_adddup2(&actions, ready, 3) }
        _ = shim_spawn_actions_close_from(&actions, ready == nil ? 3 : 4)
        _ = shim_spawn_actions_change_directory(&actions, "/")

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        let flags = Int32(shim_spawn_set_session) | Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)
        posix_spawnattr_setflags(&attributes, Int16(flags))

        let argumentVector = CStringVector([program.bytes] + arguments)
        let environmentVector = CStringVector(environment.map { $0.key + "=" + $0.value })
        var process: pid_t = 0
        let code = FileSystem.withCPath(program) {
            posix_spawn(&process, $0, &actions, &attributes, argumentVector.pointers, environmentVector.pointers)
        }
        if code != 0 { throw SystemError("start", program, code: code) }
    }
}

/// `argv` and `envp` as C wants them: NULL at the end, freed with the value.
package final class CStringVector {
    /// Valid as long as this object lives.
    package private(set) var pointers: [UnsafeMutablePointer<CChar>?]

    package init(_ values: [ByteString]) {
        pointers = values.map { value in
            (value.bytes.prefix { $0 != 0 } + [0]).withUnsafeBufferPointer { buffer in
                strdup(UnsafeRawPointer(buffer.baseAddress.unsafelyUnwrapped).assumingMemoryBound(to: CChar.self))
            }
        }
        pointers.append(nil)
    }

    deinit { pointers.forEach { free($0) } }
}

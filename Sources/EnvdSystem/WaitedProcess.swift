internal import CPosixShims
package import EnvdCore
internal import Glibc

/// A program that is run to its end on the calling thread, with nothing to read; for clients, not for the daemon.
package enum WaitedProcess {
    package struct Outcome: Hashable, Sendable {
        /// 0 to 255; -1 where it was killed, by us when its time was over.
        package var status: Int32
        /// What it wrote to standard output and error, at most 1 MiB.
        package var text: String
    }

    private static let kept = 1 << 20

    /// - Parameter deadline: then it is killed.
    /// - Throws: where it could not be started.
    package static func run(
        _ program: Path, _ arguments: [ByteString], environment: [ByteString: ByteString], until deadline: Deadline
    ) throws(SystemError) -> Outcome {
        var ends: [Int32] = [-1, -1]
        guard shim_pipe2(&ends, O_CLOEXEC) == 0 else { throw SystemError("make a pipe") }
        defer { close(ends[0]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
        let argumentVector = CStringVector([program.bytes] + arguments)
        let environmentVector = CStringVector(environment.map { $0.key + "=" + $0.value })
        var process: pid_t = 0
        let code = FileSystem.withCPath(program) {
            posix_spawn(&process, $0, &actions, nil, argumentVector.pointers, environmentVector.pointers)
        }
        close(ends[1])
        if code != 0 { throw SystemError("start", program, code: code) }

        let said = read(ends[0], until: deadline) { kill(process, SIGKILL) }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return Outcome(
            status: shim_wait_exited(status) != 0 ? shim_wait_exit_status(status) : -1,
            text: String(decoding: said, as: UTF8.self))
    }

    private static func read(_ descriptor: Int32, until deadline: Deadline, onLate: () -> Void) -> [UInt8] {
        var said: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let ready = poll(&entry, 1, deadline.remainingMilliseconds)
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else {
                onLate()
                return said
            }
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return said }
            said += chunk[..<count].prefix(kept - said.count)
        }
    }
}

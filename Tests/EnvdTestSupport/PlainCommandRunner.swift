internal import CPosixShims
package import EnvdCore
internal import EnvdSystem
internal import Glibc
internal import Synchronization

/// Runs commands for tests: a process group of their own, whole output, nothing confined.
package struct PlainCommandRunner: CommandRunner {
    package init() {}

    package func run(_ command: Command, onLine: @escaping @Sendable (String) -> Void) async -> CommandResult {
        let child = RunningChild()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let job = ChildJob(command: command, child: child, onLine: onLine) {
                    continuation.resume(returning: $0)
                }
                job.start()
            }
        } onCancel: {
            child.cancel()
        }
    }
}

extension PlainCommandRunner {
    /// Runs a command to its end on the calling thread.
    ///
    /// - Parameter seconds: after them its process group is killed, and the result says `cancelled`.
    package static func runBlocking(_ command: Command, within seconds: Int64) -> CommandResult {
        ChildJob(command: command, child: RunningChild(), onLine: { _ in }, finish: { _ in }).run(within: seconds)
    }
}

/// The process group that a cancellation has to reach, whichever comes first.
private final class RunningChild: Sendable {
    private struct State {
        var group: pid_t?
        var isCancelled = false
    }

    private let state = Mutex(State())

    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    func cancel() {
        state.withLock { state in
            state.isCancelled = true
            if let group = state.group { kill(-group, SIGKILL) }
        }
    }

    func started(_ group: pid_t) {
        state.withLock { state in
            state.group = group
            if state.isCancelled { kill(-group, SIGKILL) }
        }
    }

    /// Before the process is waited for: its number may be another's right after.
    func ends() { state.withLock { $0.group = nil } }
}

/// One command on a thread of its own: the pool of tasks never waits for a process.
private final class ChildJob: Sendable {
    private let command: Command
    private let child: RunningChild
    private let onLine: @Sendable (String) -> Void
    private let finish: @Sendable (CommandResult) -> Void

    init(
        command: Command, child: RunningChild, onLine: @escaping @Sendable (String) -> Void,
        finish: @escaping @Sendable (CommandResult) -> Void
    ) {
        self.command = command
        self.child = child
        self.onLine = onLine
        self.finish = finish
    }

    func start() {
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(self).toOpaque()
        let code = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let job = Unmanaged<ChildJob>.fromOpaque(argument).takeRetainedValue()
                job.finish(job.run())
                return nil
            }, argument)
        if code == 0 {
            pthread_detach(thread)
        } else {
            Unmanaged<ChildJob>.fromOpaque(argument).release()
            finish(CommandResult(ending: .notStarted(code), standardOutput: [], standardError: []))
        }
    }

    fileprivate func run(within seconds: Int64? = nil) -> CommandResult {
        var output: [Int32] = [-1, -1]
        var errors: [Int32] = [-1, -1]
        guard shim_pipe_cloexec(&output) == 0 else { return notStarted(errno) }
        guard shim_pipe_cloexec(&errors) == 0 else {
            output.forEach { close($0) }
            return notStarted(errno)
        }
        var process = pid_t()
        let code = spawn(&process, output: output[1], errors: errors[1])
        close(output[1])
        close(errors[1])
        defer {
            close(output[0])
            close(errors[0])
        }
        guard code == 0 else { return notStarted(code) }
        child.started(process)
        let deadline = seconds.map { Deadline.after(milliseconds: $0 * 1000) } ?? .never
        let (said, complained) = read(output: output[0], errors: errors[0], until: deadline)
        var information = siginfo_t()
        while waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        child.ends()
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        let ending: CommandResult.Ending =
            if child.isCancelled {
                .cancelled
            } else if shim_wait_exited(status) != 0 {
                .exited(shim_wait_exit_status(status))
            } else {
                .signalled(shim_wait_signal(status))
            }
        return CommandResult(ending: ending, standardOutput: said, standardError: complained)
    }

    private func notStarted(_ code: Int32) -> CommandResult {
        CommandResult(ending: .notStarted(code), standardOutput: [], standardError: [])
    }

    private func spawn(_ process: inout pid_t, output: Int32, errors: Int32) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        _ = FileSystem.withCPath(command.workingDirectory) { shim_spawn_actions_add_chdir(&actions, $0) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, errors, 2)
        // The threads of Swift's pools block signals; a program starts with none blocked.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP) | Int16(POSIX_SPAWN_SETSIGMASK))
        posix_spawnattr_setpgroup(&attributes, 0)
        var arguments = ([command.executable.bytes] + command.arguments).map { duplicate($0) } + [nil]
        var environment = command.environment.map { duplicate($0.key + "=" + $0.value) } + [nil]
        defer { (arguments + environment).forEach { free($0) } }
        return FileSystem.withCPath(command.executable) {
            posix_spawn(&process, $0, &actions, &attributes, &arguments, &environment)
        }
    }

    private func duplicate(_ value: ByteString) -> UnsafeMutablePointer<CChar>? {
        (value.bytes.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer { buffer in
            buffer.baseAddress.flatMap { strdup($0) }
        }
    }

    private func read(output: Int32, errors: Int32, until deadline: Deadline) -> ([UInt8], [UInt8]) {
        var collected: [[UInt8]] = [[], []]
        var lineStart = 0
        var waiting = [
            pollfd(fd: output, events: Int16(POLLIN), revents: 0),
            pollfd(fd: errors, events: Int16(POLLIN), revents: 0),
        ]
        var chunk = [UInt8](repeating: 0, count: 65536)
        while waiting.contains(where: { $0.fd >= 0 }) {
            let ready = poll(&waiting, 2, deadline.remainingMilliseconds)
            if ready < 0, errno != EINTR { break }
            if ready == 0 {
                child.cancel()
                break
            }
            for index in waiting.indices where waiting[index].fd >= 0 && waiting[index].revents != 0 {
                let count = Glibc.read(waiting[index].fd, &chunk, chunk.count)
                if count <= 0 {
                    if count < 0, errno == EINTR { continue }
                    waiting[index].fd = -1
                } else {
                    collected[index] += chunk[..<count]
                }
            }
            while let end = collected[1][lineStart...].firstIndex(of: UInt8(ascii: "\n")) {
                onLine(String(decoding: collected[1][lineStart..<end], as: UTF8.self))
                lineStart = end + 1
            }
        }
        if lineStart < collected[1].count { onLine(String(decoding: collected[1][lineStart...], as: UTF8.self)) }
        return (collected[0], Array(collected[1].suffix(256 << 10)))
    }
}

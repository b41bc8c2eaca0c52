internal import CPosixShims
internal import EnvdCore
internal import EnvdSystem
internal import Glibc

/// Stays beside the program, as its parent and as the sub-reaper of all that it starts, until nothing is left.
///
/// It waits for the program's end and for its own standard input's, the life line: whoever started us holds the
/// other end, and the kernel closes that however its holder ends. On either, and on SIGTERM, SIGINT and SIGHUP,
/// every descendant is killed, for each one is below us in the tree of processes whatever session it made.
///
/// On the report's descriptor, which the program does not get, one line is written at the end: `exited STATUS`,
/// `signalled SIGNAL`, `not-started ERRNO`, or `ended` where the life line or a signal was first. Besides, we end
/// as the program did; with 127 or 126 where it did not start, 143 where it was ended, 64 on wrong usage.
struct Supervisor {
    private enum Cause { case exit, ended }

    private static let setChildSubreaper: Int32 = 36
    private static let endingSignals = [SIGTERM, SIGINT, SIGHUP]

    private let options: ChildOptions
    private let program: Int32
    /// Where the program's side writes `errno` if it cannot become the program.
    private let failure: Int32
    private let signals: Int32
    private var status: Int32?

    static func main() -> Int32 {
        let count = Int(CommandLine.argc)
        let arguments = (0..<count).map { index in
            guard let start = CommandLine.unsafeArgv[index] else { return ByteString("") }
            let length = strlen(start)
            return ByteString(UnsafeBufferPointer(start: start, count: length).map { UInt8(bitPattern: $0) })
        }
        guard let options = ChildOptions(arguments) else {
            complain(ChildOptions.usage)
            return 64
        }
        do throws(SystemError) {
            var supervisor = try Supervisor(options)
            return supervisor.superviseToTheEnd()
        } catch {
            complain(error.description)
            report("not-started \(error.code)", to: options.report)
            return 126
        }
    }

    private init(_ options: ChildOptions) throws(SystemError) {
        var options = options
        if let report = options.report {
            guard report == 3 || dup2(report, 3) == 3 else { throw SystemError("keep the report's descriptor") }
            _ = fcntl(3, F_SETFD, FD_CLOEXEC)
            options.report = 3
        }
        closefrom(options.report == nil ? 3 : 4)
        self.options = options
        // Fails where we lead a group already, as under a shell with job control: just as good.
        setsid()
        guard shim_prctl(Self.setChildSubreaper, 1) == 0 else { throw SystemError("become the sub-reaper") }
        _ = shim_forbid_core_dumps()
        signal(SIGPIPE, SIG_IGN)
        let watched = [SIGCHLD] + Self.endingSignals
        signals = shim_signal_descriptor(watched, watched.count)
        guard signals >= 0 else { throw SystemError("watch for signals") }
        var ends: [Int32] = [-1, -1]
        guard shim_pipe2(&ends, O_CLOEXEC) == 0 else { throw SystemError("make a pipe") }
        failure = ends[0]
        let parent = getpid()
        program = shim_fork()
        guard program >= 0 else { throw SystemError("start a process") }
        if program == 0 {
            let code = ProgramSide(options: options, supervisor: parent).becomeProgram()
            withUnsafeBytes(of: code) { _ = write(ends[1], $0.baseAddress, $0.count) }
            _exit(127)
        }
        close(ends[1])
    }

    private mutating func superviseToTheEnd() -> Int32 {
        let cause = wait()
        endDescendants()
        if cause == .ended, status == nil || status.map(shim_wait_signal) == SIGKILL { return conclude("ended", 143) }
        let status = status ?? 0
        if let code = startFailure() { return conclude("not-started \(code)", code == ENOENT ? 127 : 126) }
        let number = shim_wait_signal(status)
        if number == 0 {
            let code = shim_wait_exit_status(status)
            return conclude("exited \(code)", code)
        }
        Self.report("signalled \(number)", to: options.report)
        // So that a shell that runs us sees what happened, too.
        shim_reset_signals()
        kill(getpid(), number)
        return 128 + number
    }

    private func conclude(_ line: String, _ code: Int32) -> Int32 {
        Self.report(line, to: options.report)
        return code
    }

    /// Sleeps until the program has exited or nobody needs it.
    private mutating func wait() -> Cause {
        while true {
            var watched = [
                pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
                pollfd(fd: signals, events: Int16(POLLIN), revents: 0),
            ]
            if poll(&watched, nfds_t(watched.count), -1) < 0, errno != EINTR { return .ended }
            if watched[1].revents != 0, sawEndingSignal() { return .ended }
            reap()
            if status != nil { return .exit }
            if watched[0].revents != 0, lifeLineEnded() { return .ended }
        }
    }

    private func lifeLineEnded() -> Bool {
        var ignored = [UInt8](repeating: 0, count: 512)
        let count = read(STDIN_FILENO, &ignored, ignored.count)
        return count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN)
    }

    private func sawEndingSignal() -> Bool {
        // A signalfd_siginfo has 128 bytes and begins with the signal's number.
        var record = [UInt32](repeating: 0, count: 32)
        var found = false
        while read(signals, &record, 128) == 128 {
            if Self.endingSignals.contains(Int32(record[0])) { found = true }
        }
        return found
    }

    /// Takes in every child that has ended: the program, and the orphans that came to us.
    private mutating func reap() {
        var raw: Int32 = 0
        while true {
            let identifier = waitpid(-1, &raw, WNOHANG)
            if identifier <= 0 { return }
            if identifier == program { status = raw }
        }
    }

    /// Kills until there is nobody below us: what a dying process forked meanwhile comes to us and is next.
    private mutating func endDescendants() {
        let me = getpid()
        guard ProcessTree.entry(me) != nil else { return endProgramGroup() }
        while true {
            let descendants = ProcessTree.descendants(of: me)
            let dying = descendants.filter { $0.isZombie || kill($0.identifier, SIGKILL) == 0 || errno == ESRCH }
            // None that we may kill: they are another user's now.
            if dying.isEmpty, !descendants.isEmpty { return }
            var raw: Int32 = 0
            for child in dying where child.parent == me {
                if waitpid(child.identifier, &raw, 0) == program { status = raw }
            }
            reap()
            if waitpid(-1, &raw, WNOHANG) < 0, errno == ECHILD { return }
        }
    }

    /// As much as can be done without `/proc`.
    private mutating func endProgramGroup() {
        if status != nil { return }
        kill(-program, SIGKILL)
        kill(program, SIGKILL)
        var raw: Int32 = 0
        if waitpid(program, &raw, 0) == program { status = raw }
    }

    /// `errno` of the program's side, nil where the program began.
    private func startFailure() -> Int32? {
        var code: Int32 = 0
        let count = withUnsafeMutableBytes(of: &code) { read(failure, $0.baseAddress, $0.count) }
        return count == MemoryLayout<Int32>.size ? code : nil
    }

    private static func report(_ line: String, to descriptor: Int32?) {
        guard let descriptor else { return }
        let bytes = Array((line + "\n").utf8)
        _ = write(descriptor, bytes, bytes.count)
    }
}

/// Tells whoever reads our standard error.
func complain(_ text: String) {
    let bytes = Array("envd-child: \(text)\n".utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
}

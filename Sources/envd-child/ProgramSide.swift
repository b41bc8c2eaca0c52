internal import CPosixShims
internal import EnvdCore
internal import EnvdSystem
internal import Glibc

/// What happens between fork(2) and execve(2), in the process that becomes the program.
struct ProgramSide {
    private static let setParentDeathSignal: Int32 = 1
    private static let setNoNewPrivileges: Int32 = 38
    private static let idleClass: Int32 = 3

    let options: ChildOptions
    let supervisor: Int32

    /// - Returns: `errno`; only where the program could not be started, which has been said on standard error.
    func becomeProgram() -> Int32 {
        do throws(SystemError) {
            // For the case that somebody kills the supervisor itself.
            _ = shim_prctl(Self.setParentDeathSignal, UInt(SIGKILL))
            if getppid() != supervisor { return ESRCH }
            // So that a program that signals its own group does not mean the supervisor.
            setsid()
            // Without it the tree of processes still tells whom to end.
            if let group = options.group { try? FileSystem.append(group / "cgroup.procs", Array("0".utf8)) }
            if options.niceness > 0 { _ = nice(options.niceness) }
            if options.idleIO { _ = shim_ioprio_set_self(Self.idleClass, 0) }
            try readNothing()
            // A program that became another user's could not be ended any more; Landlock wants it, too.
            guard shim_prctl(Self.setNoNewPrivileges, 1) == 0 else { throw SystemError("give up privileges") }
            if let writable = options.writable { try Confinement(writable: writable).apply() }
            shim_reset_signals()
            let arguments = CommandLine.unsafeArgv + options.program
            if let program = arguments[0] {
                execve(program, arguments, environ)
                throw SystemError("start", Path(String(cString: program)))
            }
            return EINVAL
        } catch {
            complain(error.description)
            return error.code
        }
    }

    private func readNothing() throws(SystemError) {
        let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard null >= 0, dup2(null, STDIN_FILENO) == STDIN_FILENO else { throw SystemError("open", "/dev/null") }
    }
}

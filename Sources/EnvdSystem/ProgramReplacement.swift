package import EnvdCore
internal import Glibc

/// Another program in this process's place.
package enum ProgramReplacement {
    /// Becomes a program with this process's environment and standard descriptors (execve(2)).
    ///
    /// - Parameter memory: which the program then finds among its `PassedDescriptors`.
    /// - Returns: only where that fails: why.
    package static func become(_ program: Path, _ arguments: [ByteString], keeping memory: KeptMemory?) -> SystemError {
        if let memory, memory.descriptor == 3 || dup2(memory.descriptor, 3) == 3 {
            _ = fcntl(3, F_SETFD, 0)
            closefrom(4)
            setenv("LISTEN_PID", "\(getpid())", 1)
            setenv("LISTEN_FDS", "1", 1)
            setenv("LISTEN_FDNAMES", KeptMemory.name, 1)
        } else {
            closefrom(3)
            unsetenv("LISTEN_PID")
        }
        let vector = CStringVector([program.bytes] + arguments)
        _ = FileSystem.withCPath(program) { execv($0, vector.pointers) }
        return SystemError("start", program)
    }
}

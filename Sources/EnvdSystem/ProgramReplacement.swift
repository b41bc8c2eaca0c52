package import EnvdCore
internal import Glibc

/// Another program in this process's place.
package enum ProgramReplacement {
    /// Becomes a program with this process's environment and standard descriptors (execve(2)).
    ///
    /// - Returns: only where that fails: why.
    package static func become(_ program: Path, _ arguments: [ByteString]) -> SystemError {
        closefrom(3)
        let vector = CStringVector([program.bytes] + arguments)
        _ = FileSystem.withCPath(program) { execv($0, vector.pointers) }
        return SystemError("start", program)
    }
}

package import EnvdCore
internal import Glibc

/// This process's program.
package enum ProgramImage {
    /// Becomes another program, found through the new environment's PATH as execvpe(3) does.
    ///
    /// - Returns: only where that failed.
    package static func replace(_ words: [ByteString], environment: [ByteString: ByteString]) -> SystemError {
        guard let name = words.first, !name.isEmpty else { return SystemError("run", code: ENOENT) }
        let arguments = CStringVector(words)
        let variables = CStringVector(environment.map { $0.key + "=" + $0.value })
        if name.bytes.contains(UInt8(ascii: "/")) { return execute(Path(name), arguments, variables) }
        var failure = SystemError("run", Path(name), code: ENOENT)
        for directory in (environment["PATH"] ?? "/usr/bin:/bin").split(separator: UInt8(ascii: ":")) {
            let candidate = Path(directory.isEmpty ? "." : directory).appending(Path(name))
            guard FileSystem.exists(candidate) else { continue }
            failure = execute(candidate, arguments, variables)
        }
        return failure
    }

    private static func execute(_ program: Path, _ arguments: CStringVector, _ variables: CStringVector) -> SystemError
    {
        _ = FileSystem.withCPath(program) { execve($0, arguments.pointers, variables.pointers) }
        return SystemError("run", program)
    }
}

/// The command line as the kernel gave it: bytes, where `CommandLine.arguments` mends what is no UTF-8.
package enum RawArguments {
    /// What follows the first `--`.
    package static var afterTerminator: [ByteString] {
        let all = (0..<Int(CommandLine.argc)).compactMap { index in
            CommandLine.unsafeArgv[index].map { start in
                ByteString(UnsafeBufferPointer(start: start, count: strlen(start)).map { UInt8(bitPattern: $0) })
            }
        }
        guard let terminator = all.firstIndex(of: "--") else { return [] }
        return Array(all[(terminator + 1)...])
    }
}

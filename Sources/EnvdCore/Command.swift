/// A program to run, whole: nothing of the daemon's own environment is inherited.
package struct Command: Hashable, Sendable {
    /// Absolute.
    package var executable: Path
    package var arguments: [ByteString]
    /// The complete environment of the child.
    package var environment: [ByteString: ByteString]
    package var workingDirectory: Path
    /// The only trees that the child may write into (Landlock, where the kernel has it); nil: not confined.
    package var writable: [Path]?

    package init(
        executable: Path, arguments: [ByteString], environment: [ByteString: ByteString], workingDirectory: Path,
        writable: [Path]?
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.writable = writable
    }
}

/// How a command ended, and what it said.
package struct CommandResult: Hashable, Sendable {
    package enum Ending: Hashable, Sendable {
        case exited(Int32)
        case signalled(Int32)
        /// By us: the build was overtaken or the daemon stops.
        case cancelled
        /// The program could not be started; `errno`.
        case notStarted(Int32)
    }

    package var ending: Ending
    package var standardOutput: [UInt8]
    /// The last 256 KiB.
    package var standardError: [UInt8]

    package init(ending: Ending, standardOutput: [UInt8], standardError: [UInt8]) {
        self.ending = ending
        self.standardOutput = standardOutput
        self.standardError = standardError
    }

    package var succeeded: Bool { ending == .exited(0) }
}

/// Runs commands for engines; the daemon's runs them through `envd-child` on its loop.
package protocol CommandRunner: Sendable {
    /// Runs to the end. Cancelling the calling task kills the command and every descendant of it.
    ///
    /// - Parameter onLine: each line of standard error as it comes, without its newline.
    func run(_ command: Command, onLine: @escaping @Sendable (String) -> Void) async -> CommandResult
}

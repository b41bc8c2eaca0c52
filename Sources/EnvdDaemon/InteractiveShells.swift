internal import EnvdCore
internal import EnvdSystem

/// The shells at which the user may be sitting, as proc(5) tells: bash, zsh or fish on a terminal.
enum InteractiveShells {
    /// An upgraded one is `bash (deleted)`, one of several versions `zsh-5.9`.
    private static let names = ["bash", "zsh", "fish"].map { Array($0.utf8) }

    /// - Parameter program: what a process runs.
    static func include(_ program: Path, on terminal: Int32) -> Bool {
        terminal != 0 && names.contains { program.name.bytes.starts(with: $0) }
    }

    /// Where they stand. Looks at every process once.
    static func directories() -> [Path] {
        ((try? FileSystem.list("/proc")) ?? []).compactMap { name in
            guard let process = Int32(name.description),
                let program = try? FileSystem.linkTarget(Path("/proc/\(process)/exe")),
                let facts = ProcessFacts(process), include(program, on: facts.terminal)
            else { return nil }
            return try? FileSystem.linkTarget(Path("/proc/\(process)/cwd"))
        }
    }
}

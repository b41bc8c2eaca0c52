package import EnvdCore

/// Lets one engine at a time download: side by side each would fetch the same files for itself, and all of them slowly.
package protocol FetchTurns: Sendable {
    /// Runs a command that may download, when it is its turn; one that was cancelled while it waited never begins.
    func run(_ command: @escaping @Sendable () async -> CommandResult) async -> CommandResult
}

extension EngineContext {
    /// Runs a command that may download.
    ///
    /// What works from the cache alone, or builds what lies on this machine, needs no turn.
    func fetch(_ command: Command, onLine: @escaping @Sendable (String) -> Void) async -> CommandResult {
        guard let fetches else { return await runner.run(command, onLine: onLine) }
        progress("waiting for its turn to download", BuildProgress())
        return await fetches.run { [runner, progress] in
            progress("", BuildProgress())
            return await runner.run(command, onLine: onLine)
        }
    }
}

internal import EnvdCore
internal import EnvdSystem
internal import Glibc

/// One command between its start and its end.
@LoopActor final class RunningCommand {
    /// How long a cancelled `envd-child` has to end its tree before we do.
    private static let patience = Duration.seconds(10)

    /// The command's own; nil where it has none.
    private let group: ControlGroup?
    private var process: ChildProcess?
    private var isCancelled = false
    private var lastResort: LoopTimer?

    nonisolated init(group: ControlGroup? = nil) { self.group = group }

    func run(
        _ command: Command, arguments: [ByteString], onLine: @escaping @Sendable (String) -> Void
    ) async -> CommandResult {
        await withCheckedContinuation { continuation in
            // Here, and not before: the loop may turn in between, and `cancel` find no process yet.
            if isCancelled || Task.isCancelled {
                isCancelled = true
                let result = CommandResult(ending: .cancelled, standardOutput: [], standardError: [])
                return continuation.resume(returning: result)
            }
            do throws(SystemError) {
                process = try ChildProcess(
                    arguments: arguments, environment: command.environment,
                    workingDirectory: command.workingDirectory, onLine: onLine,
                    onEnd: { [self] in continuation.resume(returning: result($0)) })
            } catch {
                continuation.resume(
                    returning: CommandResult(ending: .notStarted(error.code), standardOutput: [], standardError: []))
            }
        }
    }

    /// Ends the command with all its descendants; `run` returns when they are gone.
    func cancel() {
        if isCancelled { return }
        isCancelled = true
        guard let process, process.identifier > 0 else { return }
        group?.kill()
        process.closeLifeLine()
        lastResort = LoopTimer(after: Self.patience) { process.killTree() }
    }

    private func result(_ outcome: ChildProcess.Outcome) -> CommandResult {
        lastResort?.cancel()
        process = nil
        let ending: CommandResult.Ending =
            if isCancelled {
                .cancelled
            } else if outcome.overflowed {
                .signalled(SIGXFSZ)
            } else {
                Self.ending(of: outcome)
            }
        return CommandResult(ending: ending, standardOutput: outcome.output, standardError: outcome.errors)
    }

    /// What `envd-child` reported; without a report it was itself ended, or could not even begin.
    private static func ending(of outcome: ChildProcess.Outcome) -> CommandResult.Ending {
        let words = String(decoding: outcome.report, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        if words.count == 2, let number = Int32(words[1]) {
            switch words[0] {
            case "exited": return .exited(number)
            case "signalled": return .signalled(number)
            case "not-started": return .notStarted(number)
            default: break
            }
        }
        return outcome.signal != 0 ? .signalled(outcome.signal) : .notStarted(EPROTO)
    }
}

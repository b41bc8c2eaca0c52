package import EnvdCore
internal import EnvdSystem

extension Diagnostic {
    /// How a command of an engine's that did not run to its end is told: it was cancelled, could not be
    /// started, or was ended by a signal.
    ///
    /// - Parameters:
    ///   - verb: `resolve`, `install`, `make`.
    ///   - object: what it was done to, as the message shows it.
    /// - Returns: nil where the command ended on its own.
    package static func unfinished(_ result: CommandResult, _ verb: String, _ object: String, program: Path)
        -> Diagnostic?
    {
        switch result.ending {
        case .exited: nil
        case .cancelled: Diagnostic("could not \(verb) `\(object)`: \(cancellation)")
        case .signalled(let signal):
            Diagnostic(
                "could not \(verb) `\(object)`: `\(program.name)` was ended by signal \(signal)",
                hint: "the machine may be short of memory; `envd build` tries again")
        case .notStarted(let code):
            Diagnostic(
                "could not run `\(program)`: \(SystemError("run", program, code: code).cause)",
                hint: "`envd engines` shows which tools there are")
        }
    }

    private static let cancellation = "it was cancelled"

    /// Of a failure that may be over by itself: the daemon tries again.
    func ofNetwork() -> Diagnostic {
        var told = self
        told.needsNetwork = true
        told.hint = told.hint ?? "check the network or proxy; envd tries again by itself, or now with `envd build`"
        return told
    }

    /// Whether this tells of a build that was overtaken or stopped, and so is no failure to report.
    package var isCancellation: Bool { message.hasSuffix(Self.cancellation) }

    /// A system call that failed while an engine's files were prepared.
    init(_ error: SystemError) { self.init(error.description) }
}

/// Runs `body` and tells a failed system call as a person has to know it.
func telling<Value>(_ body: () throws(SystemError) -> Value) throws(Diagnostic) -> Value {
    do throws(SystemError) {
        return try body()
    } catch {
        throw Diagnostic(error)
    }
}

internal import ArgumentParser
internal import EnvdControl
internal import EnvdCore
internal import EnvdSystem
internal import Glibc

/// What a person is told when a command cannot do its work, and the exit status for scripts.
struct CommandFailure: Error {
    /// The statuses that scripts may rely on (sysexits.h where it has one).
    enum Status: Int32, CaseIterable {
        case failure = 1
        case usage = 64
        case daemonUnavailable = 69
        case tryLater = 75
        case cannotExecute = 126
        case toolMissing = 127

        /// For the manual.
        var meaning: String {
            switch self {
            case .failure:
                "it could not be done, as said on standard error; a build failed; `envd doctor` found a problem"
            case .usage: "the command line is wrong"
            case .daemonUnavailable: "the daemon cannot be reached, or cannot be started"
            case .tryLater: "the build is still under way"
            case .cannotExecute: "the command of `envd exec` cannot be run"
            case .toolMissing: "there is no such command, of `envd exec`"
            }
        }
    }

    var diagnostic: Diagnostic
    var status: Status

    init(_ diagnostic: Diagnostic, _ status: Status = .failure) {
        self.diagnostic = diagnostic
        self.status = status
    }

    /// Prints `error: …` and the hint to standard error, and ends the process.
    func report() -> Never {
        printError("error: \(diagnostic)")
        exit(status.rawValue)
    }
}

/// Says why a project has no environment to give; for a command to throw.
func notReady(_ project: ProjectStatus) -> ExitCode {
    StatusText.lines(project).forEach { printError($0) }
    return ExitCode((project.state == .building ? CommandFailure.Status.tryLater : .failure).rawValue)
}

/// A line on standard error.
func printError(_ line: String) { StandardError.write(line.printable) }

/// A line on standard output.
func printLine(_ line: String) { print(line.printable.replacing("\n", with: "?")) }

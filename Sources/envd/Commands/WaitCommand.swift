internal import ArgumentParser
internal import EnvdControl
internal import EnvdCore
internal import Glibc

struct WaitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait", abstract: "Wait until a project's environment is what its manifests say.",
        discussion: "Exit status: 0 ready, 1 failed, 75 still building when the time was over.")

    @OptionGroup var project: ProjectArgument
    @Option(help: "How long to wait: 500ms, 60s, 5m (default: as long as it takes).") var timeout: TimeSpan?

    func run() throws {
        let status = try DaemonClient().call(
            Control.Wait.self,
            Control.Wait.Parameters(directory: project.path, timeoutMilliseconds: timeout?.milliseconds)
        ).project
        switch status.state {
        case .ready: return
        case .building: throw ExitCode(CommandFailure.Status.tryLater.rawValue)
        default:
            StatusText.lines(status).forEach { printError($0) }
            throw ExitCode(CommandFailure.Status.failure.rawValue)
        }
    }
}

/// A length of time as people write it: a number with `ms`, `s`, `m` or `h`; seconds without.
struct TimeSpan: ExpressibleByArgument {
    let milliseconds: Int

    init?(argument: String) {
        let digits = argument.prefix { $0.isNumber || $0 == "." }
        let factors = ["": 1000.0, "ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000]
        guard let number = Double(digits), number.isFinite,
            let factor = factors[String(argument.dropFirst(digits.count))],
            number * factor <= 1e12
        else { return nil }
        milliseconds = Int(number * factor)
    }
}

internal import ArgumentParser
internal import EnvdControl
internal import EnvdCore

/// An environment that a program can be started in.
struct ReadyEnvironment {
    let delta: Delta
    /// Canonical.
    let root: Path

    /// Asks the daemon, and waits for a first build that is under way.
    ///
    /// - Throws: exit status 1 where there is no environment, after telling how the project stands.
    init(of directory: Path, _ daemon: DaemonClient) throws {
        var reply = try daemon.call(Control.Environment.self, ProjectParameters(directory: directory))
        if reply.delta == nil, reply.project.state == .building {
            printError("envd: waiting for the environment of `\(reply.project.root)`")
            _ = try daemon.call(
                Control.Wait.self, Control.Wait.Parameters(directory: directory, timeoutMilliseconds: nil))
            reply = try daemon.call(Control.Environment.self, ProjectParameters(directory: directory))
        }
        guard let delta = reply.delta else {
            StatusText.lines(reply.project).forEach { printError($0) }
            throw ExitCode(CommandFailure.Status.failure.rawValue)
        }
        self.delta = delta
        root = reply.project.root
    }
}

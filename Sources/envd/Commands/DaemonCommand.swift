internal import ArgumentParser
internal import EnvdClient
internal import EnvdDaemon
internal import EnvdProtocol
internal import EnvdStore
internal import EnvdSystem

struct DaemonCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "daemon",
        abstract: "Run the daemon in the foreground (shells and commands start it by themselves).")

    @Option(help: .private) var readyDescriptor: Int32?

    /// How long a client's daemon gives the service manager to start one: less than the client waits for it.
    private static let patience: Int64 = 8000

    func run() throws {
        if let readyDescriptor, UserService(runtime: .ofThisUser()).start(within: Self.patience) {
            // That one knows nothing of the shell that wanted a daemon.
            try? DaemonClient(startingDaemon: false).handOverEnvironment()
            return ReadyPipe.signal(on: readyDescriptor)
        }
        let paths: StorePaths
        do {
            paths = try .chosen()
        } catch {
            if let readyDescriptor { ReadyPipe.signal(failure: "\(error)", on: readyDescriptor) }
            throw CommandFailure(error)
        }
        let options = DaemonOptions(
            runtime: .ofThisUser(), paths: paths, child: DaemonStarter.neighbour("envd-child"),
            program: DaemonStarter.neighbour("envd"),
            readyDescriptor: readyDescriptor)
        throw ExitCode(Daemon.run(options))
    }
}

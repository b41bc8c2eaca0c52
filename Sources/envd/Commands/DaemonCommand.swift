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

    func run() throws {
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

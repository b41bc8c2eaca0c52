internal import ArgumentParser
internal import EnvdClient
internal import EnvdDaemon
internal import EnvdProtocol
internal import EnvdStore

struct DaemonCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "daemon",
        abstract: "Run the daemon in the foreground (shells and commands start it by themselves).")

    @Option(help: .private) var readyDescriptor: Int32?

    func run() throws {
        let options = DaemonOptions(
            runtime: .ofThisUser(), paths: .ofThisUser(), child: DaemonStarter.neighbour("envd-child"),
            program: DaemonStarter.neighbour("envd"),
            readyDescriptor: readyDescriptor)
        throw ExitCode(Daemon.run(options))
    }
}

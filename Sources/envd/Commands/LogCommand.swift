internal import ArgumentParser
internal import EnvdControl
internal import EnvdCore
internal import EnvdSystem
internal import Glibc

struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Print the log of a project's last build.")

    @OptionGroup var project: ProjectArgument
    @Flag(name: .shortAndLong, help: "Go on until the build is over.") var follow = false

    func run() throws {
        let daemon = try DaemonClient()
        let parameters = ProjectParameters(directory: project.path)
        var printed = 0
        while true {
            let log = try daemon.call(Control.Log.self, parameters)
            guard let file = log.file else {
                if follow, log.isBuilding { usleep(100_000); continue }
                throw CommandFailure(Diagnostic("nothing was built yet", hint: "see `envd status`"))
            }
            let content = try FileSystem.read(file, limit: 256 << 20)
            if content.count < printed { printed = 0 }
            StandardOutput.write(Array(String(decoding: content[printed...], as: UTF8.self).printable.utf8))
            printed = content.count
            if !follow || !log.isBuilding { return }
            usleep(100_000)
        }
    }
}

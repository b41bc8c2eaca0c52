internal import ArgumentParser
internal import EnvdControl

struct UpdateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Choose the versions anew that no lock file pins, and build with them.",
        discussion: """
            What no lock file pins stays as it was first resolved, also when a manifest changes, as long as it fits. This \
            asks the index again: for every package, or only for those that are named.
            """)

    @Argument(help: "Packages; all of them where none is named.", completion: Suggestions.packages)
    var packages: [String] = []

    @Option(
        name: [.customShort("C"), .long], help: "The project, or a directory in it.", completion: Suggestions.projects)
    var directory: String?

    func run() throws {
        let daemon = try DaemonClient()
        try daemon.handOverEnvironment()
        let project = ProjectArgument.path(of: directory)
        let status = try daemon.call(
            Control.Update.self, Control.Update.Parameters(directory: project, packages: packages)
        ).project
        let what = packages.isEmpty ? "everything" : packages.map { "`\($0)`" }.joined(separator: ", ")
        printLine("resolving \(what) in `\(status.root)` anew; `envd wait` waits for it, `envd log --follow` shows it")
    }
}

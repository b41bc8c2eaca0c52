internal import ArgumentParser
internal import EnvdControl

struct EnginesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engines", abstract: "List the tools that resolve and install, and install envd's own copies.",
        subcommands: [List.self, Install.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the engines that envd can use (the default).")

        func run() throws { try EnginesCommand.run(installing: nil) }
    }

    struct Install: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Install envd's own pinned copy of an engine below its data directory.")

        @Argument(help: "The engine: uv or poetry.") var name: String

        func run() throws { try EnginesCommand.run(installing: name) }
    }

    private static func run(installing name: String?) throws {
        let daemon = try DaemonClient()
        try daemon.handOverEnvironment()
        for engine in try daemon.call(Control.Engines.self, Control.Engines.Parameters(install: name)).engines {
            if let version = engine.version, let path = engine.path {
                printLine("\(engine.name) \(version)  \(path)  (\(engine.origin))")
            } else {
                printLine("\(engine.name)  missing: \(engine.origin)")
            }
        }
    }
}

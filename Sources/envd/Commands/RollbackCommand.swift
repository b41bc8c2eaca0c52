internal import ArgumentParser
internal import EnvdControl
internal import EnvdCore
internal import EnvdTerminal

struct RollbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Make an earlier generation current.",
        discussion: """
            Without a number: the whole one before the current. It stays current until what the manifests say changes, \
            or until `envd build` or `envd update`; `envd rollback N` goes forward again, too. A build that is under way \
            is cancelled.
            """)

    @Argument(
        help: ArgumentHelp("A directory of the project, and the number.", valueName: "[dir] [generation]"),
        completion: Suggestions.generations)
    var words: [String] = []

    func validate() throws { _ = try GenerationArguments(words, most: 1) }

    func run() throws {
        let arguments = try GenerationArguments(words, most: 1)
        let daemon = try DaemonClient()
        let status = try daemon.call(
            Control.Rollback.self,
            Control.Rollback.Parameters(directory: arguments.directory, generation: arguments.numbers.first)
        ).project
        guard let current = status.current else { throw notReady(status) }
        let python = current.python.map { ", Python \($0)" } ?? ""
        printLine("generation \(current.number) of `\(status.root)` is current\(python), by \(current.engine)")
        for phrase in current.drift ?? [] { printLine("by hand in it: \(phrase)") }
        if let back = status.rolledBack {
            printLine("it stays until the manifests change; \(StatusWords.forward(back))")
        }
    }
}

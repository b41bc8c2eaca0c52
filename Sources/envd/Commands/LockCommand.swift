internal import ArgumentParser
internal import EnvdControl
internal import EnvdCore

struct LockCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lock", abstract: "Bring a project's lock file up to date, by the tool that it belongs to.",
        discussion: """
            Writes uv.lock, poetry.lock, Pipfile.lock, the requirements.txt of a requirements.in, or rye's lock files \
            in the project. What is locked stays where it still fits. Where the tool fails, the files are as they \
            were; where they are up to date, they are not touched. The environment follows.
            """)

    @Flag(name: [.customShort("U"), .long], help: "Choose every version anew.")
    var upgrade = false

    @Option(
        name: [.customShort("P"), .customLong("upgrade-package")], parsing: .singleValue,
        help: ArgumentHelp("Choose the version of this package anew; may be given again.", valueName: "name"))
    var packages: [String] = []

    @Option(
        name: [.customShort("C"), .long], help: "The project, or a directory in it.", completion: Suggestions.projects)
    var directory: String?

    func run() throws {
        let daemon = try DaemonClient()
        try daemon.handOverEnvironment()
        let update = try daemon.call(
            Control.Lock.self,
            Control.Lock.Parameters(
                directory: ProjectArgument.path(of: directory), upgrade: upgrade, packages: packages))
        Self.lines(update).forEach { printLine($0) }
    }

    /// What people are told: one line a file, then what comes of it.
    static func lines(_ update: LockUpdate) -> [String] {
        let files = update.files.map { file in
            let name = (file.path.relative(to: update.root) ?? file.path).description
            guard file.isWritten else { return "\(name): up to date, not touched" }
            return "\(name): \(file.changes.isEmpty ? "written, with the same versions" : summary(file.changes))"
        }
        let isWritten = update.files.contains(where: \.isWritten)
        let end = isWritten ? ["by \(update.tool); the environment follows: `envd wait` waits for it"] : []
        return files + end
    }

    /// `idna 3.6 -> 3.7, + six 1.16.0, - attrs`, of a handful.
    private static func summary(_ changes: [LockUpdate.Change]) -> String {
        let most = 8
        let shown = changes.prefix(most).map { change in
            switch (change.old, change.new) {
            case (let old?, let new?): "\(change.name) \(old) -> \(new)"
            case (nil, let new?): "+ \(change.name) \(new)"
            default: "- \(change.name)"
            }
        }
        let rest = changes.count > most ? ["and \(changes.count - most) more"] : []
        return (shown + rest).joined(separator: ", ")
    }
}

internal import ArgumentParser
internal import EnvdControl
internal import EnvdStore

struct ForgetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget", abstract: "Remove all that envd has of a project: permission, environments, logs.",
        discussion: """
            A generation that a process works in is left on disk, until `envd gc` finds it unused; --purge removes that \
            too, under the process, and what the engines' caches hold for this project alone. A link of `envd link` goes, \
            too.
            """)

    @OptionGroup var project: ProjectArgument
    @Flag(help: "Also what processes work in.") var purge = false

    func run() throws {
        let reply = try DaemonClient().call(
            Control.Forget.self, Control.Forget.Parameters(directory: project.path, purge: purge))
        for used in reply.inUse {
            let number = used.item.generation.map { "generation \($0)" } ?? "`\(used.item.path)`"
            let what = purge ? "removed \(number) all the same" : "left \(number) on disk, for `envd gc`"
            printLine("\(what): \(GcCommand.used(by: used.users))")
        }
        let rest = reply.inUse.isEmpty || purge ? "its environments" : "its other environments"
        printLine("forgot `\(reply.root)` and removed \(rest)")
        // They would lead nowhere.
        for link in EditorLink.all(in: reply.root) { _ = try LinkCommand.remove(link) }
    }
}

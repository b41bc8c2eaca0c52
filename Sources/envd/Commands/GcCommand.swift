internal import ArgumentParser
internal import EnvdControl
internal import EnvdCore
internal import EnvdSystem

struct GcCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc", abstract: "Remove generations that nobody needs any more, and what else is left over.",
        discussion: """
            Of all projects, or of one. The current generation always stays, and so does what a process or a shell works \
            in. Without --keep and --older-than the last five stay too, or as many as `store.keep` in config.toml says; \
            with both options stays what either of them keeps.
            """)

    @Argument(
        help: "A directory of the only project that is meant (default: all projects).", completion: Suggestions.projects
    )
    var directory: String?
    @Flag(name: [.customShort("n"), .long], help: "Only tell what would be removed.") var dryRun = false
    @Option(help: "How many earlier generations of a project stay.") var keep: Int?
    @Option(help: "Earlier generations that were current in that time stay: 12h, 14d, 8w.") var olderThan: Age?
    @Flag(help: "Print JSON, in a format that stays.") var json = false

    func validate() throws {
        if let keep, keep < 0 { throw ValidationError("--keep takes a number of generations, 0 or more.") }
    }

    func run() throws {
        let report = try DaemonClient().call(
            Control.CollectGarbage.self,
            Control.CollectGarbage.Parameters(
                directory: directory.map { ProjectArgument.path(of: $0) }, isDryRun: dryRun, kept: keep,
                maximalAge: olderThan?.seconds))
        if json {
            StandardOutput.write(try ControlCoding.json(report, pretty: true) + [UInt8(ascii: "\n")])
        } else {
            Self.lines(report).forEach { printLine($0) }
            for failure in report.failures { printError("error: \(failure)") }
        }
        if !report.failures.isEmpty { throw ExitCode(CommandFailure.Status.failure.rawValue) }
    }

    static func lines(_ report: GarbageReport) -> [String] {
        let verb = report.isDryRun ? "would remove" : "removed"
        var lines = report.items.map { "\(verb) \(name($0)): \($0.bytes)" }
        for spared in report.spared { lines.append("spared \(name(spared.item)): \(used(by: spared.users))") }
        for root in report.gone {
            lines.append("`\(root)` is not there any more; if it is gone for good: envd forget \(root.shellWord)")
        }
        if report.items.isEmpty {
            lines.append(report.isDryRun ? "there is nothing that could be removed" : "there was nothing to remove")
        } else {
            lines.append("\(report.isDryRun ? "would free" : "freed") \(report.freed)")
        }
        return lines
    }

    /// `generation 3 of `/home/ada/p``.
    static func name(_ item: GarbageReport.Item) -> String {
        if let number = item.generation, let root = item.root { return "generation \(number) of `\(root)`" }
        switch item.kind {
        case .putAside: return "what was put aside, `\(item.path)`"
        case .leftover: return "what is left of a project, `\(item.path)`"
        case .log: return "the log of a project that is forgotten, `\(item.path.name)`"
        case .scratch: return "scratch, `\(item.path)`"
        case .engine: return "the engine `\(item.path.name)`"
        case .python: return "the Python `\(item.path.name)`"
        case .generation: return "`\(item.path)`"
        }
    }

    /// `python (4711) works in it`, of the first few.
    static func used(by users: [GarbageReport.User]) -> String {
        let most = 4
        let shown = users.prefix(most).map { user in
            switch user.way {
            case .program, .directory, .file: "\(user.name) (\(user.process)) works in it"
            case .environment: "\(user.name) (\(user.process)) was started in it"
            case .prompt: "\(user.name) (\(user.process)) has it until its next prompt"
            case .activated: "\(user.name) (\(user.process)) stays in it by `envd activate`"
            }
        }
        return (shown + (users.count > most ? ["and \(users.count - most) more"] : [])).joined(separator: ", ")
    }
}

/// A length of time in days and the like: a number with `m`, `h`, `d` or `w`.
struct Age: ExpressibleByArgument {
    let seconds: Int64

    init?(argument: String) {
        let factors: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
        guard let factor = argument.last.flatMap({ factors[$0] }), let number = Int64(argument.dropLast()),
            number >= 0, number < 10_000_000
        else { return nil }
        seconds = number * factor
    }
}

internal import ArgumentParser
internal import EnvdControl
internal import EnvdCore
internal import EnvdSystem

struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Tell which packages two generations of a project do not have alike.",
        discussion: """
            Without numbers: the generation before the current one and the current; with one: that one and the current. \
            Packages of conda, packages of the Python layer and Python itself; what was put in by hand does not count.
            """)

    @Argument(
        help: ArgumentHelp("A directory of the project, and one or two numbers.", valueName: "[dir] [a] [b]"),
        completion: Suggestions.generations)
    var words: [String] = []
    @Flag(help: "Print JSON, in a format that stays.") var json = false

    func validate() throws { _ = try GenerationArguments(words, most: 2) }

    func run() throws {
        let arguments = try GenerationArguments(words, most: 2)
        let report = try DaemonClient().call(
            Control.Diff.self,
            Control.Diff.Parameters(
                directory: arguments.directory, from: arguments.numbers.first, to: arguments.numbers.dropFirst().first))
        if json {
            StandardOutput.write(try ControlCoding.json(report, pretty: true) + [UInt8(ascii: "\n")])
            return
        }
        if report.changes.isEmpty {
            return printLine("generations \(report.from) and \(report.to) have the same packages")
        }
        for change in report.changes { printLine(change.phrase + (change.layer == .conda ? "  (conda)" : "")) }
    }
}

/// `[DIR] [N …]`: a word of digits alone is a generation's number, as `envd activate` has it.
struct GenerationArguments {
    let directory: Path
    let numbers: [GenerationNumber]

    /// - Parameter most: how many numbers there may be.
    init(_ words: [String], most: Int) throws {
        func number(_ word: String) -> GenerationNumber? {
            word.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(word).map { GenerationNumber($0) } : nil
        }
        let named = words.first.flatMap { number($0) == nil ? $0 : nil }
        let rest = words.dropFirst(named == nil ? 0 : 1)
        numbers = rest.compactMap(number)
        guard numbers.count == rest.count else {
            let wrong = rest.first { number($0) == nil } ?? ""
            throw ValidationError("`\(wrong)` is no number of a generation; a directory comes first.")
        }
        if let named, !FileSystem.exists(ProjectArgument.path(of: named)) || named.isEmpty {
            throw ValidationError("`\(named)` is no directory and no number of a generation.")
        }
        guard numbers.count <= most else { throw ValidationError("There are too many numbers.") }
        directory = ProjectArgument.path(of: named)
    }
}

internal import ArgumentParser
internal import EnvdControl
internal import EnvdCore
internal import EnvdSystem

struct HistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "List a project's generations, newest first.",
        discussion: """
            A line each: its number, with `*` at the current one, when and why it was built, by what, how many packages \
            it has, what it takes on disk by itself, and what is other than in the one before it.
            """)

    @OptionGroup var project: ProjectArgument
    @Flag(help: "Print JSON, in a format that stays.") var json = false

    func run() throws {
        let report = try DaemonClient().call(Control.History.self, ProjectParameters(directory: project.path))
        if json {
            StandardOutput.write(try ControlCoding.json(report, pretty: true) + [UInt8(ascii: "\n")])
            return
        }
        if report.generations.isEmpty { return printLine("nothing was built yet; see `envd status`") }
        Self.lines(report).forEach { printLine($0) }
    }

    /// Columns, but for the last one, are as wide as what is in them.
    static func lines(_ report: HistoryReport) -> [String] {
        let rows = report.generations.map { entry in
            [
                "\(entry.isCurrent ? "*" : " ") \(entry.number)",
                Timestamp(text: entry.made)?.local ?? entry.made,
                entry.reason ?? "-", entry.engine,
                entry.packages == 1 ? "1 package" : "\(entry.packages) packages", entry.bytes.description,
                words(entry, rolledBack: report.rolledBack),
            ]
        }
        let widths = (0..<6).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let padded = zip(row, widths).map { text, width in
                text + String(repeating: " ", count: max(0, width - text.count))
            }
            let line = (padded + [row[6]]).joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }

    /// What is to be said of one beside its figures.
    private static func words(_ entry: HistoryReport.Entry, rolledBack: ProjectStatus.Rollback?) -> String {
        var words: [String] = []
        if !entry.isWhole { words.append("damaged") }
        if entry.isCurrent, rolledBack != nil { words.append("rolled back to") }
        if !entry.drift.isEmpty { words.append("changed by hand") }
        if let changes = entry.changes {
            words.append(changes.isEmpty ? "same packages" : PackageChange.summary(changes, most: 6))
        }
        return words.joined(separator: "; ")
    }
}

extension PackageChange {
    /// `+ six 1.16.0, - attrs 23.1, idna 3.6 -> 3.7`, of the first few.
    static func summary(_ changes: [PackageChange], most: Int) -> String {
        let rest = changes.count > most ? ["and \(changes.count - most) more"] : []
        return (changes.prefix(most).map(\.phrase) + rest).joined(separator: ", ")
    }
}

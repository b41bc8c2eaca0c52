import EnvdCore
import EnvdShell
import EnvdSystem

/// The table of claims, as shell/README.md holds it.
enum ClaimTable {
    /// Where the sources are: where this file was compiled, or a copy that the environment names.
    static var sources: Path {
        ProcessEnvironment.path("ENVD_SOURCES") ?? Path(#filePath).parent.parent.parent.parent
    }

    static let beginning = "<!-- claims: made by contrib/scripts/claims -->"
    static let end = "<!-- end of claims -->"

    /// All between the two marks, which stand on lines of their own.
    static var text: String {
        var lines = ["", "Each claim is tried in each shell under each of these sets of options:", ""]
        lines += ["| shell | name | in the start-up file, before the hook |", "| --- | --- | --- |"]
        for options in ShellOptions.all {
            let what = options.lines + options.arguments.joined(separator: " ")
            lines.append("| \(options.shell) | \(options.name) | \(what.isEmpty ? "" : code(what)) |")
        }
        for section in Claim.Section.allCases {
            lines += ["", "### \(section.rawValue)", "", "| id | claim | bash | zsh | fish |"]
            lines.append("| --- | --- | --- | --- | --- |")
            for claim in Claim.all where claim.section == section {
                let states = Shell.allCases.map { state(of: claim, in: $0) }.joined(separator: " | ")
                lines.append("| \(claim.id) | \(cell(claim.sentence)) | \(states) |")
            }
            for claim in ClaimElsewhere.all where claim.section == section {
                let suites = "tested in \(claim.suites.joined(separator: ", "))"
                lines.append("| | \(cell(claim.sentence)) | \(suites) | | |")
            }
        }
        return lines.joined(separator: "\n") + "\n\n"
    }

    /// The page with its table made anew; nil where a mark is missing.
    static func renewed(_ page: String) -> String? {
        guard let from = page.firstRange(of: beginning + "\n"), let to = page.firstRange(of: end),
            from.upperBound <= to.lowerBound
        else { return nil }
        return page[..<from.upperBound] + text + page[to.lowerBound...]
    }

    private static func state(of claim: Claim, in shell: Shell) -> String {
        if let reason = claim.absences[shell] { return "does not apply: \(cell(reason))" }
        let sets = ShellOptions.all.filter { $0.shell == shell }
        var words = ["holds"]
        for fault in claim.faults where fault.shell == shell {
            let place = fault.options.map { " under \($0.sorted().joined(separator: ", "))" } ?? ""
            words = (words == ["holds"] && fault.options == nil ? [] : words) + ["fails\(place): \(cell(fault.what))"]
        }
        for set in sets {
            if let reason = claim.exemptions[set.name] { words.append("not under \(set.name): \(cell(reason))") }
        }
        return words.joined(separator: "; ")
    }

    private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }

    private static func code(_ text: String) -> String { "`\(cell(text))`" }
}

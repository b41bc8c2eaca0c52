internal import ArgumentParser
internal import EnvdCore

/// What the parser itself knows of a command: the manual says the same as `--help`.
struct CommandHelp {
    struct Argument {
        /// `-n, --dry-run`, with `<name>` behind an option that takes one; a positional's own name.
        var title: String
        /// In the synopsis: `[--dry-run]`, `[<directory>]`.
        var usage: String
        var meaning: String
        var isPositional: Bool
    }

    let name: String
    let abstract: String
    /// Paragraphs, of lines.
    let discussion: [[String]]
    let arguments: [Argument]
    let subcommands: [CommandHelp]

    /// That of the whole program.
    ///
    /// - Throws: the parser's description of itself is none that is known here.
    static func ofProgram() throws -> CommandHelp {
        let document = try JSONText.parse(Array(Envd._dumpHelp().utf8))
        guard let help = CommandHelp(document["command"]) else {
            throw Diagnostic("could not read the parser's description of the commands")
        }
        return help
    }

    private init?(_ value: CanonicalValue?) {
        guard let value, let name = value["commandName"]?.text else { return nil }
        self.name = name
        abstract = value["abstract"]?.text ?? ""
        discussion = (value["discussion"]?.text ?? "").replacing("\n\n", with: "\u{0}").split(separator: "\u{0}")
            .map { $0.split(separator: "\n").map(String.init) }
        arguments = (value["arguments"]?.list ?? []).filter(Self.isShown).compactMap(Self.argument)
        subcommands = (value["subcommands"]?.list ?? []).filter(Self.isShown).compactMap { CommandHelp($0) }
            .filter { $0.name != "help" }
    }

    private static func isShown(_ value: CanonicalValue) -> Bool { value["shouldDisplay"]?.truth ?? true }

    private static func argument(_ value: CanonicalValue) -> Argument? {
        let meaning = value["abstract"]?.text ?? ""
        let word = value["valueName"]?.text ?? ""
        let shown = word.hasPrefix("[") ? word : "<\(word)>"
        let isOptional = value["isOptional"]?.truth ?? false
        let isRepeating = value["isRepeating"]?.truth ?? false
        let kind = value["kind"]?.text
        if kind == "positional" {
            let after = value["parsingStrategy"]?.text == "postTerminator" ? "-- " : ""
            let many = isRepeating && !word.hasPrefix("[") ? " ..." : ""
            let whole = after + shown + many
            return Argument(
                title: shown, usage: isOptional && !word.hasPrefix("[") ? "[\(whole)]" : whole, meaning: meaning,
                isPositional: true)
        }
        let names = (value["names"]?.list ?? []).compactMap { name -> String? in
            guard let text = name["name"]?.text else { return nil }
            return name["kind"]?.text == "long" ? "--\(text)" : "-\(text)"
        }
        // Those are said once, of all commands.
        guard !names.contains("--help"), !names.contains("--version"), let last = names.last else { return nil }
        let taken = kind == "option" ? " \(shown)" : ""
        let many = isRepeating && kind == "option" ? " ..." : ""
        return Argument(
            title: names.joined(separator: ", ") + taken,
            usage: isOptional ? "[\(last)\(taken)]\(many)" : last + taken + many,
            meaning: meaning, isPositional: false)
    }
}

extension CanonicalValue {
    fileprivate subscript(key: String) -> CanonicalValue? {
        if case .table(let entries) = self { return entries[key] }
        return nil
    }

    fileprivate var text: String? {
        if case .text(let text) = self { return text }
        return nil
    }

    fileprivate var truth: Bool? {
        if case .truth(let truth) = self { return truth }
        return nil
    }

    fileprivate var list: [CanonicalValue]? {
        if case .list(let values) = self { return values }
        return nil
    }
}

internal import EnvdCore

/// A manual page in the macros of man(7).
struct RoffPage {
    private(set) var text: String

    /// - Parameters:
    ///   - name: as man(1) is asked for it.
    ///   - section: 1 for programs, 5 for files.
    ///   - summary: for apropos(1), without a full stop.
    init(_ name: String, section: Int, summary: String) {
        text = ".TH \(Self.quoted(name.uppercased())) \(section) \"\" \(Self.quoted("envd \(Version.text)")) \"envd\"\n"
        text += ".SH NAME\n\(Self.escaped(name)) \\- \(Self.escaped(summary))\n"
    }

    mutating func section(_ title: String) { text += ".SH \(Self.quoted(title))\n" }
    mutating func subsection(_ title: String) { text += ".SS \(Self.quoted(title))\n" }

    /// Words, with what stands between backquotes in bold.
    mutating func paragraph(_ words: String) { text += ".PP\n\(Self.marked(words))\n" }

    /// A term, and what is said of it.
    mutating func item(_ term: String, _ words: String) {
        text += ".TP\n.B \(Self.escaped(term))\n\(Self.marked(words.isEmpty ? "\u{2013}" : words))\n"
    }

    /// Lines as they are.
    mutating func example(_ lines: [String]) {
        text += ".PP\n.nf\n.RS 4\n\(lines.map { Self.escaped($0) }.joined(separator: "\n"))\n.RE\n.fi\n"
    }

    /// A command line, with what the user puts in, between angle brackets, in italics.
    mutating func synopsis(_ line: String) { text += ".PP\n.B \(Self.escaped(line))\n" }

    mutating func seeAlso(_ pages: [(name: String, section: Int)]) {
        section("SEE ALSO")
        text += pages.map { ".BR \(Self.escaped($0.name)) (\($0.section))" }.joined(separator: " ,\n") + "\n"
    }

    /// `code` becomes bold.
    private static func marked(_ words: String) -> String {
        let pieces = words.split(separator: "`", omittingEmptySubsequences: false)
        guard pieces.count % 2 == 1 else { return escaped(words) }
        let line = pieces.enumerated().map { index, piece in
            let text = inner(String(piece))
            return index % 2 == 1 ? "\\fB\(text)\\fR" : text
        }.joined()
        return protected(line)
    }

    static func escaped(_ text: String) -> String { protected(inner(text)) }

    /// What troff would take for its own (groff_char(7)).
    private static func inner(_ text: String) -> String {
        text.map { character in
            switch character {
            case "\\": "\\e"
            case "-": "\\-"
            case "'": "\\(aq"
            case "^": "\\(ha"
            case "~": "\\(ti"
            case "\u{60}": "\\(ga"
            case "…": "\\&...\\&"
            default: String(character)
            }
        }.joined()
    }

    /// A line that begins with a dot would be a request.
    private static func protected(_ line: String) -> String { line.first == "." ? "\\&" + line : line }

    /// The argument of a macro.
    private static func quoted(_ text: String) -> String {
        "\"" + inner(text).replacing("\"", with: "\\(dq") + "\""
    }
}

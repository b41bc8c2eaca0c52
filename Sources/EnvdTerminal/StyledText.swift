internal import EnvdSystem

/// A line for people: words, and how they look where there are colours.
///
/// What a colour says the words say, too.
package struct StyledText: Hashable, Sendable, ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    package enum Style: Hashable, Sendable {
        case plain, strong, faint, good, busy, bad, asking

        /// SGR parameters (ECMA-48, 8.3.117).
        var parameters: String {
            switch self {
            case .plain: "0"
            case .strong: "1"
            case .faint: "2"
            case .good: "32"
            case .busy: "36"
            case .bad: "1;31"
            case .asking: "33"
            }
        }
    }

    struct Run: Hashable, Sendable {
        var text: String
        var style: Style
    }

    private(set) var runs: [Run] = []

    /// - Parameter text: what terminals would obey in it becomes `?`.
    package init(_ text: String = "", _ style: Style = .plain) {
        guard !text.isEmpty else { return }
        let shown = text.printable.replacing("\n", with: "?").replacing("\t", with: " ")
        runs = [Run(text: shown, style: style)]
    }

    package init(stringLiteral value: String) { self.init(value) }

    package static func + (left: Self, right: Self) -> Self {
        var sum = left
        for run in right.runs { sum.append(run) }
        return sum
    }

    private mutating func append(_ run: Run) {
        if let last = runs.last, last.style == run.style {
            runs[runs.count - 1].text += run.text
        } else {
            runs.append(run)
        }
    }

    package var text: String { runs.map(\.text).joined() }
    package var columns: Int { runs.reduce(0) { $0 + $1.text.columns } }
    package var isEmpty: Bool { runs.isEmpty }

    /// The bytes for the terminal: with escape sequences only where colours are wanted.
    package func rendered(color: Bool) -> String {
        guard color else { return text }
        return runs.map { $0.style == .plain ? $0.text : "\u{1b}[\($0.style.parameters)m\($0.text)\u{1b}[0m" }.joined()
    }

    /// Lines that are no wider than `width`, broken between words; the second and later ones are indented.
    ///
    /// A word that is wider than a line is broken, behind a slash where that goes.
    package func wrapped(to width: Int, hanging indent: Int) -> [StyledText] {
        guard columns > width, width > indent + 4 else { return [self] }
        var lines: [StyledText] = []
        var line = StyledText()
        var hasWord = false
        var blanks = StyledText()
        func end() {
            lines.append(line)
            (line, hasWord, blanks) = (StyledText(String(repeating: " ", count: indent)), false, StyledText())
        }
        for word in words {
            if word.isBlank {
                // Those that begin the text are its own indentation.
                if hasWord || lines.isEmpty { blanks = blanks + word.text }
                continue
            }
            if hasWord, line.columns + blanks.columns + word.text.columns > width { end() }
            line = line + blanks
            blanks = StyledText()
            var rest = word.text
            while line.columns + rest.columns > width {
                let (piece, more) = rest.cut(at: width - line.columns)
                line = line + piece
                rest = more
                end()
            }
            line = line + rest
            hasWord = true
        }
        return lines + [line]
    }

    /// The beginning, and a mark where that is not all.
    package func clipped(to width: Int, mark: String) -> StyledText {
        guard columns > width else { return self }
        var (clipped, left) = (StyledText(), width - mark.columns)
        for run in runs where left > 0 {
            let piece = run.text.take(left)
            clipped.append(Run(text: piece, style: run.style))
            left -= piece.columns
            if piece.count < run.text.count { break }
        }
        return clipped + StyledText(mark)
    }

    package func padded(to width: Int) -> StyledText {
        self + StyledText(String(repeating: " ", count: max(0, width - columns)))
    }

    private struct Word {
        var text: StyledText
        var isBlank: Bool
    }

    /// Words and the blanks between them.
    private var words: [Word] {
        var words: [Word] = []
        for run in runs {
            for character in run.text {
                let piece = StyledText(String(character), run.style)
                if let last = words.last, last.isBlank == (character == " ") {
                    words[words.count - 1].text = last.text + piece
                } else {
                    words.append(Word(text: piece, isBlank: character == " "))
                }
            }
        }
        return words
    }

    /// A piece of a long word, as wide as that goes, and the rest.
    private func cut(at width: Int) -> (StyledText, StyledText) {
        let characters = runs.flatMap { run in run.text.map { ($0, run.style) } }
        var (count, left, slash) = (0, width, 0)
        for (character, _) in characters {
            left -= character.columns
            if left < 0 { break }
            count += 1
            if character == "/" || character == "-" { slash = count }
        }
        count = max(1, slash > count / 2 ? slash : count)
        func text(_ part: ArraySlice<(Character, Style)>) -> StyledText {
            part.reduce(StyledText()) { $0 + StyledText(String($1.0), $1.1) }
        }
        return (text(characters[..<count]), text(characters[count...]))
    }
}

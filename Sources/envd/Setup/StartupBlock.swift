internal import EnvdCore
internal import EnvdShell

/// The lines that load the hook, between markers, in a shell's start-up file: found, added and taken out as bytes.
struct StartupBlock {
    /// How such a file stands.
    enum State: Equatable {
        case without
        /// Its bytes, its closing line end included.
        case present(Range<Int>)
        /// Loaded in a way of the user's own; the line, from 1.
        case byHand(Int)
        /// The closing marker is missing, or there are several; the line of the first, from 1.
        case damaged(Int)
        /// Between the markers stands what `envd setup` does not write; the line, from 1.
        case edited(Int)
    }

    static let opening = "# >>> envd >>>"
    static let closing = "# <<< envd <<<"
    /// What taking out has to undo beside the lines: see `addition`.
    private static let endedLine = ", which ended the line before"
    private static let madeFile = ", which made this file"

    let shell: Shell
    /// As the shell finds the program: a name on PATH, or a path, quoted.
    let program: String
    /// Where zsh's completion lies, if zsh does not look there by itself.
    var functions: Path?

    /// The lines between the markers.
    var lines: [String] {
        switch shell {
        case .bash: ["if command -v \(program) >/dev/null; then eval \"$(\(program) hook bash)\"; fi"]
        case .zsh:
            (functions.map { place in
                [
                    "fpath+=(\(place.shellWord))",
                    "if (( $+functions[compdef] )); then autoload -Uz _envd && compdef _envd envd; fi",
                ]
            } ?? []) + ["if command -v \(program) >/dev/null; then eval \"$(\(program) hook zsh)\"; fi"]
        case .fish: ["if command -q \(program); \(program) hook fish | source; end"]
        }
    }

    /// What is put at the end of a file.
    ///
    /// - Parameter content: the file; nil where there is none.
    func addition(to content: [UInt8]?) -> [UInt8] {
        var words = "# written by `envd setup`"
        var start = ""
        if content == nil { words += Self.madeFile }
        if let last = content?.last, last != UInt8(ascii: "\n") {
            words += Self.endedLine
            start = "\n"
        }
        words += "; `envd setup --undo` takes it out"
        return Array((start + ([Self.opening, words] + lines + [Self.closing]).joined(separator: "\n") + "\n").utf8)
    }

    /// The same in place of a block that is there: what that one remembers stays.
    func replacement(for block: ArraySlice<UInt8>) -> [UInt8] {
        var new = addition(to: [])
        let old = Self.remark(block)
        let remark = Self.remark(new[...])
        if let start = new.firstRange(of: remark), !old.isEmpty { new.replaceSubrange(start, with: old) }
        return new
    }

    static func state(of content: [UInt8]) -> State {
        var opened: (line: Int, start: Int)?
        var found: Range<Int>?
        var ownLine: Int?
        var foreignLine: Int?
        for (index, line) in lineRanges(content).enumerated() {
            let text = String(decoding: content[line], as: UTF8.self).split(separator: "\n").first ?? ""
            switch text.last == "\r" ? text.dropLast() : text {
            case Substring(opening):
                if let opened { return .damaged(opened.line) }
                if found != nil { return .damaged(index + 1) }
                opened = (index + 1, line.lowerBound)
            case Substring(closing):
                guard let start = opened?.start else { return .damaged(index + 1) }
                found = start..<line.upperBound
                opened = nil
            default:
                if opened == nil, ownLine == nil, loadsHook(text) { ownLine = index + 1 }
                if opened != nil, foreignLine == nil, !isWritten(text) { foreignLine = index + 1 }
            }
        }
        if let opened { return .damaged(opened.line) }
        if found != nil, let foreignLine { return .edited(foreignLine) }
        if let found { return .present(found) }
        return ownLine.map { .byHand($0) } ?? .without
    }

    /// The bytes that go when a block goes, and whether nothing of the file was there before.
    static func removal(of block: Range<Int>, from content: [UInt8]) -> (range: Range<Int>, madeFile: Bool) {
        let remark = String(decoding: remark(content[block]), as: UTF8.self)
        var start = block.lowerBound
        if remark.contains(endedLine), start > 0, content[start - 1] == UInt8(ascii: "\n") { start -= 1 }
        let range = start..<block.upperBound
        return (range, remark.contains(madeFile) && range.count == content.count)
    }

    /// Whether a line is one that `envd setup` writes between its markers, of whatever version and for whatever place.
    private static func isWritten(_ line: some StringProtocol) -> Bool {
        let text = line.drop { $0 == " " || $0 == "\t" }
        let hooks = Shell.allCases.map { " hook \($0.rawValue)" }
        return text.isEmpty || text == "\r" || text.hasPrefix("# written by `envd setup`") || text.hasPrefix("fpath+=(")
            || text.hasPrefix("if (( $+functions[compdef] ))")
            || (text.hasPrefix("if command ") && hooks.contains { text.contains($0) })
    }

    /// `envd hook …` in a line that is no comment.
    private static func loadsHook(_ line: some StringProtocol) -> Bool {
        let text = String(line.drop { $0 == " " || $0 == "\t" })
        return !text.hasPrefix("#") && Shell.allCases.contains { text.contains("envd hook \($0.rawValue)") }
    }

    /// The second line of a block.
    private static func remark(_ block: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let lines = block.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)
        return lines.count > 1 && lines[1].starts(with: "# written by".utf8) ? lines[1] : []
    }

    private static func lineRanges(_ content: [UInt8]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = 0
        for (index, byte) in content.enumerated() where byte == UInt8(ascii: "\n") {
            ranges.append(start..<(index + 1))
            start = index + 1
        }
        if start < content.count { ranges.append(start..<content.count) }
        return ranges
    }
}

internal import EnvdCore
internal import EnvdSystem
internal import EnvdTerminal

/// Reads what is new in a project's log, also where another build began and the log is another file by now.
struct BuildLogReader {
    let file: Path
    private var inode: UInt64?
    private var offset = 0

    init(_ file: Path) { self.file = file }

    /// The log of the build before.
    var previous: Path { Self.previous(to: file) }

    static func previous(to file: Path) -> Path {
        file.parent.appending("\(String(file.name.description.dropLast(".log".count))).1.log")
    }

    /// Whole lines that were not read yet, without their ends.
    mutating func lines() -> [String] {
        var bytes: [UInt8] = []
        let now = Self.inode(of: file)
        if let inode, now != inode {
            if Self.inode(of: previous) == inode { bytes += Self.read(previous, from: offset) }
            offset = 0
        }
        inode = now
        let more = Self.read(file, from: offset)
        offset += more.count
        return (bytes + more).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
            .map { String(decoding: $0, as: UTF8.self) }
    }

    private static func inode(of file: Path) -> UInt64? { ((try? FileSystem.status(file)) ?? nil)?.inode }

    private static func read(_ file: Path, from offset: Int) -> [UInt8] {
        guard let open = try? RandomAccessFile(file) else { return [] }
        let bytes = open.read(at: offset, count: max(0, open.size - offset))
        // What comes after the last line's end is still being written.
        return Array(bytes.prefix((bytes.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1))
    }
}

/// A line of a log as people see it.
enum BuildLogLine {
    /// The moment in the first line is told by the user's own clock on a terminal.
    static func styled(_ line: String, isTerminal: Bool) -> StyledText {
        guard let gap = line.firstRange(of: "  "), isTerminal else { return StyledText(line) }
        if let moment = Timestamp(text: String(line[..<gap.lowerBound])) {
            return StyledText(moment.local, .faint) + "  " + StyledText(String(line[gap.upperBound...]), .strong)
        }
        let blanks = line.prefix { $0 == " " }
        let word = line[blanks.endIndex...].prefix { $0 != " " }
        guard word.hasSuffix("s"), Double(word.dropLast()) != nil else { return StyledText(line) }
        let rest = line[word.endIndex...]
        return StyledText(String(line[..<word.endIndex]), .faint)
            + StyledText(String(rest), style(rest.drop { $0 == " " }))
    }

    private static func style(_ text: Substring) -> StyledText.Style {
        if text.hasPrefix("ready after ") { return .good }
        return text.hasPrefix("failed: ") ? .bad : .plain
    }
}

/// Where the keys and array elements of a TOML document stand, and whether it may be parsed at all.
///
/// A pass over the bytes before the parser, which bounds what the parser may allocate, and finds the tables of
/// a half-written file too: what is not TOML is skipped to the next line, for the parser to complain about.
struct TOMLOutline {
    /// Why a document is not parsed.
    struct Refusal: Error {
        var line: Int
        var reason: String
    }

    /// Brackets, tables and dotted keys around one value.
    static let maximumDepth = 96
    /// Keys and elements in one document: a parsed value takes about 200 bytes.
    static let maximumValues = 500_000
    /// Key paths longer than this have no recorded line.
    private static let recordedDepth = 6

    /// The line of each key and table header, from 1; of the first where there are many.
    private(set) var lines: [[String]: Int] = [:]
    /// The lines of the elements of the arrays that are values of a key.
    private(set) var elementLines: [[String]: [Int]] = [:]
    /// The columns that belong to `lines` and `elementLines`, in bytes, from 1.
    private(set) var columns: [[String]: Int] = [:]
    private(set) var elementColumns: [[String]: [Int]] = [:]
    private(set) var refusal: Refusal?

    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    private var lineStart = 0
    private var values = 0
    private let records: Bool

    /// - Parameter records: false where nobody will ask for lines (lock files).
    init(_ bytes: [UInt8], records: Bool = true) {
        self.bytes = bytes
        self.records = records
        scan()
    }

    /// Whether a table header or key with this path was seen, in a document that may be half-written.
    func mentions(_ path: [String]) -> Bool {
        lines[path] != nil || lines.keys.contains { $0.starts(with: path) }
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func advance() {
        if bytes[position] == UInt8(ascii: "\n") {
            line += 1
            lineStart = position + 1
        }
        position += 1
    }

    private var column: Int { position - lineStart + 1 }

    private mutating func scan() {
        var table: [String] = []
        while let byte = current, refusal == nil {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"): advance()
            case UInt8(ascii: "#"): skipLine()
            case UInt8(ascii: "["):
                let (start, startColumn) = (line, column)
                while current == UInt8(ascii: "[") || current == UInt8(ascii: " ") { advance() }
                table = key()
                record(table, line: start, column: startColumn)
                if table.count > Self.maximumDepth { refuse("its tables are nested too deeply") }
                skipLine()
            default:
                let (start, startColumn) = (line, column)
                let path = table + key()
                guard path.count > table.count, current == UInt8(ascii: "=") else {
                    skipLine()
                    continue
                }
                advance()
                record(path, line: start, column: startColumn)
                value(of: path)
            }
        }
    }

    private mutating func record(_ path: [String], line: Int, column: Int) {
        values += 1
        if values > Self.maximumValues { refuse("it holds more than \(Self.maximumValues) values") }
        if records, path.count <= Self.recordedDepth, lines[path] == nil {
            lines[path] = line
            columns[path] = column
        }
    }

    private mutating func refuse(_ reason: String) {
        if refusal == nil { refusal = Refusal(line: line, reason: reason) }
    }

    private mutating func skipLine() {
        while let byte = current, byte != UInt8(ascii: "\n") { advance() }
    }

    private mutating func skipBlanks() {
        while current == UInt8(ascii: " ") || current == UInt8(ascii: "\t") { advance() }
    }

    /// A dotted key up to what follows it; as many parts as could be read.
    private mutating func key() -> [String] {
        var parts: [String] = []
        while let byte = current {
            skipBlanks()
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                parts.append(string())
            } else {
                let start = position
                while let byte = current, Self.isBare(byte) { advance() }
                if position == start { break }
                parts.append(String(decoding: bytes[start..<position], as: UTF8.self))
            }
            if parts.count > Self.maximumDepth {
                refuse("its keys have too many parts")
                break
            }
            skipBlanks()
            guard current == UInt8(ascii: ".") else { break }
            advance()
            skipBlanks()
        }
        skipBlanks()
        return parts
    }

    private static func isBare(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: byte >= 0x80
        }
    }

    /// A string of any of the four kinds, without its quotes; escapes stay as they are written.
    private mutating func string() -> String { String(decoding: bytes[skipString()], as: UTF8.self) }

    /// Passes a string, and gives where its content is.
    private mutating func skipString() -> Range<Int> {
        let quote = bytes[position]
        let isLong = position + 2 < bytes.count && bytes[position + 1] == quote && bytes[position + 2] == quote
        for _ in 0..<(isLong ? 3 : 1) { advance() }
        let start = position
        while let byte = current {
            if byte == quote {
                let run = isLong ? bytes[position...].prefix(5).prefix { $0 == quote }.count : 1
                if !isLong || run >= 3 {
                    let end = isLong ? position + run - 3 : position
                    for _ in 0..<run { advance() }
                    return start..<end
                }
            }
            if byte == UInt8(ascii: "\n"), !isLong { break }
            if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\""), position + 1 < bytes.count { advance() }
            advance()
        }
        return start..<position
    }

    /// Everything up to the end of the line outside brackets and strings.
    private mutating func value(of path: [String]) {
        // For each open bracket, the dots of the key that is being given its value within it.
        var levels: [Int] = []
        var depth = path.count
        var dots = 0
        var isArray = false
        var expectsElement = false
        while let byte = current, refusal == nil {
            let beginsElement = expectsElement && levels.count == 1 && isArray
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
                advance()
                continue
            case UInt8(ascii: "\n"):
                if levels.isEmpty { return }
                dots = 0
                advance()
                continue
            case UInt8(ascii: "#"):
                skipLine()
                continue
            case UInt8(ascii: ","), UInt8(ascii: "="):
                values += 1
                if values > Self.maximumValues { refuse("it holds more than \(Self.maximumValues) values") }
                if let last = levels.indices.last {
                    depth -= levels[last]
                    levels[last] = byte == UInt8(ascii: "=") ? dots : 0
                    depth += levels[last]
                }
                dots = 0
                if byte == UInt8(ascii: ","), levels.count == 1 { expectsElement = true }
                advance()
                continue
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                if let last = levels.popLast() { depth -= last + 1 }
                dots = 0
                advance()
                continue
            default: break
            }
            if beginsElement {
                if records, path.count <= Self.recordedDepth {
                    elementLines[path, default: []].append(line)
                    elementColumns[path, default: []].append(column)
                }
                expectsElement = false
            }
            switch byte {
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                if levels.isEmpty {
                    isArray = byte == UInt8(ascii: "[")
                    expectsElement = true
                }
                levels.append(0)
                depth += 1
                if depth > Self.maximumDepth { refuse("its values are nested too deeply") }
                dots = 0
                advance()
            case UInt8(ascii: "\""), UInt8(ascii: "'"): _ = skipString()
            case UInt8(ascii: "."):
                dots += 1
                if dots > Self.maximumDepth { refuse("its keys have too many parts") }
                advance()
            default: advance()
            }
        }
    }
}

/// Cuts a stream of bytes into lines and keeps the last of it.
struct LineSplitter {
    /// A line longer than this is handed on in pieces.
    static let longestLine = 64 << 10

    private let kept: Int
    private var line: [UInt8] = []
    private var recent: [UInt8] = []

    /// - Parameter kept: how many of the last bytes `tail` has.
    init(keeping kept: Int) { self.kept = kept }

    /// The last bytes of all that came.
    var tail: [UInt8] { Array(recent.suffix(kept)) }

    /// Takes what came and gives the lines that are whole now, without their ends.
    mutating func take(_ bytes: [UInt8]) -> [String] {
        recent += bytes
        if recent.count > 2 * kept { recent.removeFirst(recent.count - kept) }
        var lines: [String] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                lines.append(cut())
            } else {
                line.append(byte)
                if line.count == Self.longestLine { lines.append(cut()) }
            }
        }
        return lines
    }

    /// The last line, where it had no newline.
    mutating func finish() -> String? { line.isEmpty ? nil : cut() }

    private mutating func cut() -> String {
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        defer { line.removeAll(keepingCapacity: true) }
        return String(decoding: line, as: UTF8.self)
    }
}

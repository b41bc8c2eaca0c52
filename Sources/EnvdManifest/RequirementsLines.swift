internal import EnvdCore
internal import EnvdPackaging

/// A logical line of a requirements file: continuation joined, comment gone, never empty.
struct RequirementsLine: Hashable {
    /// Where it begins, from 1.
    var number: Int
    var text: String

    /// The lines of a whole file, as pip joins them: a `\` at the end takes the next line in, and a line that
    /// is a comment ends what is being joined.
    static func all(in text: String) -> [RequirementsLine] {
        var lines: [RequirementsLine] = []
        var joined: [UInt8] = []
        var start = 0
        var number = 0
        func finish() {
            let content = withoutComment(joined).trimmingBlanks()
            if !content.isEmpty { lines.append(RequirementsLine(number: start, text: content)) }
            joined = []
            start = 0
        }
        for piece in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            var line = Array(piece)
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            if start == 0 { start = number }
            let isComment = line.first { $0 != 0x20 && $0 != 0x09 } == UInt8(ascii: "#")
            if line.last == UInt8(ascii: "\\"), !isComment {
                joined += line.dropLast()
            } else {
                // The blank keeps the `#` from becoming part of the word before it.
                joined += (isComment ? [0x20] : []) + line
                finish()
            }
        }
        if start != 0 { finish() }
        return lines
    }

    /// A `#` at the start or after a blank begins a comment.
    private static func withoutComment(_ bytes: [UInt8]) -> String {
        var end = bytes.count
        for index in bytes.indices where bytes[index] == UInt8(ascii: "#") {
            if index == 0 || bytes[index - 1] == 0x20 || bytes[index - 1] == 0x09 {
                end = index
                break
            }
        }
        return String(decoding: bytes[..<end], as: UTF8.self)
    }

    /// The names in `${NAME}`: capital letters, digits and underscores, as pip and uv read them.
    var variables: [String] {
        let bytes = Array(text.utf8)
        var names: [String] = []
        var position = 0
        while position + 2 < bytes.count {
            guard bytes[position] == UInt8(ascii: "$"), bytes[position + 1] == UInt8(ascii: "{") else {
                position += 1
                continue
            }
            let name = bytes[(position + 2)...].prefix {
                $0 == UInt8(ascii: "_") || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
            }
            position += 2
            if !name.isEmpty, name.endIndex < bytes.count, bytes[name.endIndex] == UInt8(ascii: "}") {
                names.append(String(decoding: name, as: UTF8.self))
            }
        }
        return names
    }
}

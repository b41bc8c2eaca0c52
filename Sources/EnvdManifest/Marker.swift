/// Environment markers (PEP 508): checked for their grammar and written in one way.
enum Marker {
    private static let variables: Set<String> = [
        "python_version", "python_full_version", "os_name", "sys_platform", "platform_release", "platform_system",
        "platform_version", "platform_machine", "platform_python_implementation", "implementation_name",
        "implementation_version", "extra", "extras", "dependency_groups",
    ]
    /// Spellings from before PEP 508 that tools still take.
    private static let oldVariables = [
        "os.name": "os_name", "sys.platform": "sys_platform", "platform.version": "platform_version",
        "platform.machine": "platform_machine", "python_implementation": "platform_python_implementation",
        "platform.python_implementation": "platform_python_implementation",
    ]
    private static let maximumTokens = 2_000

    private enum Token {
        case variable(String)
        case literal(String)
        case comparison(String)
        case conjunction(String)
        case open
        case close
    }

    /// What may come next: `operand`, `comparison`, `operand` make one condition.
    private enum Expectation {
        case left, comparison, right, conjunction
    }

    /// The marker with single blanks and double quotes (single ones around a text with a double one).
    static func normalised(_ text: some StringProtocol) throws(GrammarError) -> String {
        let text = text.trimmingBlanks()
        if text.isEmpty { throw GrammarError("the marker after `;` is missing") }
        var result = ""
        var expected = Expectation.left
        var depth = 0
        func append(_ word: String) {
            if !result.isEmpty, !result.hasSuffix("(") { result += " " }
            result += word
        }
        // By a counter, not by recursion: parentheses may be nested as deep as the text is long.
        for token in try tokens(of: Array(text.utf8)) {
            switch (token, expected) {
            case (.open, .left):
                depth += 1
                append("(")
            case (.close, .conjunction) where depth > 0:
                depth -= 1
                result += ")"
            case (.variable(let word), .left), (.literal(let word), .left):
                append(word)
                expected = .comparison
            case (.comparison(let word), .comparison):
                append(word)
                expected = .right
            case (.variable(let word), .right), (.literal(let word), .right):
                append(word)
                expected = .conjunction
            case (.conjunction(let word), .conjunction):
                append(word)
                expected = .left
            default: throw GrammarError("the marker `\(text.shortened)` is not well formed")
            }
        }
        guard expected == .conjunction, depth == 0 else {
            throw GrammarError("the marker `\(text.shortened)` is not complete")
        }
        return result
    }

    private static func tokens(of bytes: [UInt8]) throws(GrammarError) -> [Token] {
        var tokens: [Token] = []
        var position = 0
        func word(while isPart: (UInt8) -> Bool) -> String {
            let start = position
            while position < bytes.count, isPart(bytes[position]) { position += 1 }
            return String(decoding: bytes[start..<position], as: UTF8.self)
        }
        while position < bytes.count {
            if tokens.count == maximumTokens { throw GrammarError("its marker is too long") }
            let byte = bytes[position]
            switch byte {
            case 0x20, 0x09...0x0D: position += 1
            case UInt8(ascii: "("), UInt8(ascii: ")"):
                tokens.append(byte == UInt8(ascii: "(") ? .open : .close)
                position += 1
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                position += 1
                let text = word { $0 != byte }
                guard position < bytes.count else { throw GrammarError("a quote in its marker is not closed") }
                position += 1
                tokens.append(.literal(text.utf8.contains(UInt8(ascii: "\"")) ? "'\(text)'" : "\"\(text)\""))
            case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "="), UInt8(ascii: "!"), UInt8(ascii: "~"):
                let text = word { "<>=!~".utf8.contains($0) }
                guard ["===", "~=", "==", "!=", "<=", ">=", "<", ">"].contains(text) else {
                    throw GrammarError("`\(text.shortened)` is no operator of markers")
                }
                tokens.append(.comparison(text))
            default:
                let text = word { PackageName.isNameByte($0) }
                switch text {
                case "and", "or": tokens.append(.conjunction(text))
                case "in": tokens.append(.comparison("in"))
                case "not":
                    _ = word { $0 == 0x20 || $0 == 0x09 }
                    guard word(while: { PackageName.isNameByte($0) }) == "in" else {
                        throw GrammarError("`not` in a marker has to be followed by `in`")
                    }
                    tokens.append(.comparison("not in"))
                default:
                    guard let name = variables.contains(text) ? text : oldVariables[text] else {
                        let shown = text.isEmpty ? String(decoding: bytes[position...], as: UTF8.self) : text
                        throw GrammarError("`\(shown.shortened)` is nothing that a marker can ask for")
                    }
                    tokens.append(.variable(name))
                }
            }
        }
        return tokens
    }
}

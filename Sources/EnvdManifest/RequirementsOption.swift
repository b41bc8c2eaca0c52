internal import EnvdPackaging

/// The options that a requirements file may hold, by their long spelling.
enum RequirementsOption: String {
    case requirement = "--requirement"
    case constraint = "--constraint"
    case editable = "--editable"
    case indexURL = "--index-url"
    case extraIndexURL = "--extra-index-url"
    case noIndex = "--no-index"
    case findLinks = "--find-links"
    case noBinary = "--no-binary"
    case onlyBinary = "--only-binary"
    case preferBinary = "--prefer-binary"
    case requireHashes = "--require-hashes"
    case pre = "--pre"
    case trustedHost = "--trusted-host"
    case useFeature = "--use-feature"

    private static let short: [String: Self] = [
        "-r": .requirement, "-c": .constraint, "-e": .editable, "-i": .indexURL, "-f": .findLinks,
    ]

    init?(spelled name: String) {
        if let option = Self.short[name] ?? Self(rawValue: name) {
            self = option
        } else if name == "--pypi-url" {
            self = .indexURL
        } else {
            return nil
        }
    }

    var takesValue: Bool {
        switch self {
        case .noIndex, .preferBinary, .requireHashes, .pre: false
        default: true
        }
    }

    /// `--name=value`, `-nvalue` (pip) and `-n=value` (uv) as their parts.
    static func split(_ word: String) -> (name: String, value: String?) {
        if word.hasPrefix("--") {
            guard let equals = word.firstIndex(of: "=") else { return (word, nil) }
            return (String(word[..<equals]), String(word[word.index(after: equals)...]))
        }
        let value = word.dropFirst(word.dropFirst(2).first == "=" ? 3 : 2)
        return (String(word.prefix(2)), value.isEmpty ? nil : String(value))
    }

    /// What follows `-e` or `--editable` at the start of a line; nil where the line is another one.
    static func editableRest(_ text: String) -> String? {
        for name in ["--editable=", "--editable ", "--editable\t"] where text.hasPrefix(name) {
            return text.dropFirst(name.count).trimmingBlanks()
        }
        return text.hasPrefix("-e") ? text.dropFirst(2).trimmingBlanks() : nil
    }

    /// A requirement, and the options of its own after it (`--hash=…`).
    static func splitTail(_ text: String) -> (head: String, tail: String) {
        let bytes = Array(text.utf8)
        var quote: UInt8?
        for index in bytes.indices {
            let byte = bytes[index]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == 0x20 || byte == 0x09, bytes[(index + 1)...].starts(with: "--".utf8) {
                return (
                    String(decoding: bytes[..<index], as: UTF8.self).trimmingBlanks(),
                    String(decoding: bytes[index...], as: UTF8.self)
                )
            }
        }
        return (text.trimmingBlanks(), "")
    }

    private static let ofOneRequirement: Set<String> = [
        "--hash", "--config-settings", "--config-setting", "--global-option", "--install-option",
    ]

    /// A requirement's own options as `--name=value`, in byte order: hashes have none of their own.
    static func normalisedTail(_ tail: String) throws(GrammarError) -> [String] {
        var words = try ShellWords.split(tail)[...]
        var result: [String] = []
        while let word = words.popFirst() {
            let (name, attached) = split(word)
            guard ofOneRequirement.contains(name) else {
                throw GrammarError("`\(name.shortened)` is no option of a requirement")
            }
            guard let value = attached ?? words.popFirst(), !value.isEmpty else {
                throw GrammarError("`\(name)` needs a value")
            }
            result.append("\(name)=\(value)")
        }
        return result.sortedAndUnique()
    }
}

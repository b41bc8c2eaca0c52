internal import EnvdPackaging

/// `[key=value, key='value']` of a match spec.
enum CondaBracket {
    struct Entry {
        var key: String
        var value: String
        /// In the whole spec, in bytes.
        var offset: Int
    }

    /// - Parameter bytes: what is between the brackets; a slice of the whole spec.
    static func entries(_ bytes: ArraySlice<UInt8>) throws(GrammarError) -> [Entry] {
        var entries: [Entry] = []
        var position = bytes.startIndex
        func skip(_ wanted: (UInt8) -> Bool) {
            while position < bytes.endIndex, wanted(bytes[position]) { position += 1 }
        }
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        skip(isBlank)
        while position < bytes.endIndex {
            let start = position
            skip { PackageName.isLetterOrDigit($0) || $0 == UInt8(ascii: "_") }
            let key = String(decoding: bytes[start..<position], as: UTF8.self)
            skip(isBlank)
            guard !key.isEmpty, position < bytes.endIndex, bytes[position] == UInt8(ascii: "=") else {
                throw GrammarError(
                    key.isEmpty ? "there has to be `key=value` here" : "`\(key.shortened)` has no value", at: start)
            }
            position += 1
            skip(isBlank)
            var value: ArraySlice<UInt8>
            if position < bytes.endIndex, let quote = ["'", "\""].first(where: { $0.utf8.first == bytes[position] }) {
                let begin = position + 1
                guard let end = bytes[begin...].firstIndex(of: bytes[position]) else {
                    throw GrammarError("this \(quote) is never closed", at: position)
                }
                value = bytes[begin..<end]
                position = end + 1
            } else {
                let begin = position
                if position < bytes.endIndex, bytes[position] == UInt8(ascii: "[") {
                    skip { $0 != UInt8(ascii: "]") }
                    position = min(position + 1, bytes.endIndex)
                } else {
                    skip { $0 != UInt8(ascii: ",") && !isBlank($0) }
                }
                value = bytes[begin..<position]
            }
            guard !value.isEmpty else { throw GrammarError("`\(key)` has no value", at: start) }
            entries.append(Entry(key: key, value: String(decoding: value, as: UTF8.self), offset: start))
            let end = position
            skip(isBlank)
            if position < bytes.endIndex, bytes[position] == UInt8(ascii: ",") {
                position += 1
                skip(isBlank)
            } else if position < bytes.endIndex, position == end {
                throw GrammarError("a `,` is missing here", at: position)
            }
        }
        return entries
    }
}

extension CondaMatchSpec {
    private static let kept: Set<String> = ["fn", "license", "license_family"]
    private static let refused = [
        "features": "track features are not supported", "track_features": "track features are not supported",
        "optional": "`optional` is not supported", "target": "`target` is not supported",
        "name": "the name stands before the brackets", "extras": "`extras` are not supported",
        "when": "`when` is not supported", "flags": "`flags` are not supported",
    ]

    /// What the brackets say goes over what stands before them.
    mutating func take(_ entries: [CondaBracket.Entry]) throws(GrammarError) {
        for entry in entries {
            let value = entry.value
            if let reason = Self.refused[entry.key] { throw GrammarError(reason, at: entry.offset) }
            switch entry.key {
            case "version":
                let text = value.filter { $0 != " " }
                version = try Self.version(text, isExact: false, at: entry.offset)
            case "build", "build_string": build = try Self.checked(build: value, at: entry.offset)
            case "channel":
                guard !value.utf8.contains(where: { $0 <= 0x20 }), !value.contains("::") else {
                    throw GrammarError("`\(value.shortened)` is no channel", at: entry.offset)
                }
                channel = value
            case "subdir":
                guard value.utf8.allSatisfy({ PackageName.isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }) else {
                    throw GrammarError("`\(value.shortened)` is no subdirectory of a channel", at: entry.offset)
                }
                subdir = value
            case "md5", "sha256":
                let length = entry.key == "md5" ? 32 : 64
                guard value.utf8.count == length, value.allSatisfy(\.isHexDigit), value.allSatisfy(\.isASCII) else {
                    throw GrammarError("`\(value.shortened)` is no \(entry.key)", at: entry.offset)
                }
                other[entry.key] = value.lowercased()
            case "build_number":
                let digits = value.drop { "<>=!".contains($0) }
                let comparison = value.prefix { "<>=!".contains($0) }
                guard ["", "==", "=", "<", "<=", ">", ">=", "!="].contains(comparison), !digits.isEmpty,
                    digits.utf8.count < 10, digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 })
                else { throw GrammarError("`\(value.shortened)` is no number of a build", at: entry.offset) }
                let isExact = comparison.isEmpty || comparison == "=" || comparison == "=="
                other[entry.key] = (isExact ? "" : String(comparison)) + digits
            case "url":
                guard CondaPackageFile(url: value) != nil else {
                    throw GrammarError("`\(value.shortened)` is no URL of a package", at: entry.offset)
                }
                other[entry.key] = value
            case let key where Self.kept.contains(key):
                guard !value.contains("'") || !value.contains("\""), !value.contains("]") else {
                    throw GrammarError("`\(value.shortened)` cannot stand here", at: entry.offset)
                }
                other[key] = value
            default: throw GrammarError("`\(entry.key.shortened)` is no key of a match spec", at: entry.offset)
            }
        }
    }

    /// A spec that is the URL or path of a package.
    ///
    /// - Returns: nil where it is none.
    static func package(at text: String) throws(GrammarError) -> CondaMatchSpec? {
        let isURL = ["http://", "https://", "file://"].contains { text.lowercased().hasPrefix($0) }
        guard isURL || text.hasPrefix("/") || text.hasPrefix("./") || text.hasPrefix("../") || text.hasPrefix("~"),
            !text.contains("::"), !text.utf8.contains(where: { $0 <= 0x20 })
        else { return nil }
        guard let file = CondaPackageFile(url: text) else {
            throw GrammarError("`\(text.shortened)` is no package: its name has to be like name-1.2-0.conda", at: 0)
        }
        var spec = CondaMatchSpec(name: file.name)
        spec.other["url"] = file.url
        spec.other["md5"] = file.md5
        spec.other["sha256"] = file.sha256
        return spec
    }
}

internal import EnvdCore
package import EnvdPackaging

extension CondaMatchSpec {
    /// Bytes of one spec.
    private static let maximumLength = 8 << 10

    /// - Throws: what is wrong with it, and at which byte of the text.
    package init(parsing written: String) throws(GrammarError) {
        guard written.utf8.count <= Self.maximumLength else { throw GrammarError("it is longer than 8 KiB", at: 0) }
        let bytes = Array(written.utf8)
        if let control = bytes.firstIndex(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) {
            throw GrammarError("there is a control character in it", at: control)
        }
        let start = bytes.firstIndex { $0 != 0x20 && $0 != 0x09 } ?? bytes.count
        var text = written.trimmingBlanks()
        func fail(_ cause: String, _ offset: Int) -> GrammarError { GrammarError(cause, at: start + offset) }
        do throws(GrammarError) {
            if let url = try Self.package(at: text) {
                self = url
                return
            }
            if let hash = text.utf8.firstIndex(of: UInt8(ascii: "#")) { text = text[..<hash].trimmingBlanks() }
            guard !text.isEmpty else { throw GrammarError("there is no name of a package", at: 0) }
            let (body, entries) = try Self.splitBrackets(text)
            let (channel, offset) = try Self.channelEnd(body)
            self.init(name: "")
            if let channel { take(channel: channel) }
            try read(Array(body.utf8), from: offset)
            try take(entries)
        } catch {
            throw error.moved(by: start)
        }
    }

    // MARK: The parts

    /// `[key=value, …]` at the end.
    private static func splitBrackets(
        _ text: String
    ) throws(GrammarError) -> (body: String, entries: [CondaBracket.Entry]) {
        let bytes = Array(text.utf8)
        guard bytes.last == UInt8(ascii: "]") else {
            if let open = bytes.firstIndex(of: UInt8(ascii: "[")), !text.contains("^") {
                throw GrammarError("this `[` is never closed", at: open)
            }
            return (text, [])
        }
        guard let open = bytes.firstIndex(of: UInt8(ascii: "[")) else {
            throw GrammarError("there is no `[` for this `]`", at: bytes.count - 1)
        }
        let body = String(decoding: bytes[..<open], as: UTF8.self)
        return (body, try CondaBracket.entries(bytes[(open + 1)..<(bytes.count - 1)]))
    }

    /// What stands before `::`, and where the name begins.
    private static func channelEnd(_ body: String) throws(GrammarError) -> (channel: String?, offset: Int) {
        let bytes = Array(body.utf8)
        let colon = UInt8(ascii: ":")
        var end: Int?
        for index in bytes.indices.dropLast() where bytes[index] == colon && bytes[index + 1] == colon {
            if end != nil { throw GrammarError("there is more than one `::`", at: index) }
            end = index
        }
        if let end {
            let channel = String(decoding: bytes[..<end], as: UTF8.self).trimmingBlanks()
            if channel.utf8.contains(0x20) { throw GrammarError("there is a blank in the channel", at: 0) }
            return (channel.isEmpty ? nil : channel, end + 2)
        }
        // `channel:namespace:name`: conda holds the namespace for later and drops it.
        guard let last = bytes.lastIndex(of: colon), !body.contains("://") else { return (nil, 0) }
        let parts = String(decoding: bytes[..<last], as: UTF8.self).split(
            separator: ":", omittingEmptySubsequences: false)
        let areNames = parts.allSatisfy { $0.utf8.allSatisfy { PackageName.isNameByte($0) || $0 == 0x2F } }
        guard parts.count <= 2, areNames else { throw GrammarError("`:` is not expected here", at: last) }
        return (parts.count == 2 ? String(parts[0]) : nil, last + 1)
    }

    private mutating func take(channel text: String) {
        var parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        while parts.count > 1, parts.last?.isEmpty == true { parts.removeLast() }
        if parts.count > 1, let last = parts.last, CondaPlatform.isKnown(last) {
            subdir = last
            parts.removeLast()
        }
        channel = parts.joined(separator: "/")
    }

    /// The name, and the version and build after it.
    private mutating func read(_ bytes: [UInt8], from start: Int) throws(GrammarError) {
        var position = start
        while position < bytes.count, bytes[position] == 0x20 || bytes[position] == 0x09 { position += 1 }
        let begin = position
        while position < bytes.count, PackageName.isNameByte(bytes[position]) { position += 1 }
        guard position > begin else {
            if begin < bytes.count, "*^".utf8.contains(bytes[begin]) {
                throw GrammarError("the name has to be that of one package, without `*` or a pattern", at: begin)
            }
            throw GrammarError("there is no name of a package", at: begin)
        }
        name = String(decoding: bytes[begin..<position], as: UTF8.self).lowercased()
        guard position < bytes.count else { return }
        switch bytes[position] {
        case 0x20, 0x09, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "="), UInt8(ascii: "!"),
            UInt8(ascii: "~"):
            break
        case UInt8(ascii: "*"):
            throw GrammarError("the name has to be that of one package, without `*` or a pattern", at: position)
        case let byte:
            let shown = byte < 0x80 ? String(decoding: [byte], as: UTF8.self) : "a letter like this"
            throw GrammarError("`\(shown)` cannot stand in the name of a package", at: position)
        }
        let (versionText, offset, build) = try CondaMatchSpec.versionAndBuild(bytes, from: position)
        if versionText.contains("@") {
            throw GrammarError("track features (`@`) are not supported", at: position)
        }
        self.build = build
        version = try Self.version(versionText, isExact: build != nil, at: offset)
    }

    /// - Parameter isExact: `=1.2` means `1.2` alone where a build follows.
    static func version(_ text: String, isExact: Bool, at offset: Int) throws(GrammarError) -> String? {
        var text = text
        var offset = offset
        if text.isEmpty { return nil }
        if isExact, text.hasPrefix("="), !text.hasPrefix("=="), !text.contains(","), !text.contains("|") {
            text.removeFirst()
            offset += 1
        }
        do throws(GrammarError) {
            let spec = try CondaVersionSpec(parsing: text)
            return spec == .any ? nil : spec.text
        } catch {
            throw error.moved(by: offset)
        }
    }
}

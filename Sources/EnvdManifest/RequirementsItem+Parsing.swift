internal import EnvdPackaging

extension RequirementsItem {
    /// What stands before the options of a line: a requirement, URL or path (pip: `parse_req_from_line`).
    ///
    /// - Throws: what is wrong with it, and where.
    init(parsing text: String) throws(GrammarError) {
        if LocalAddress.isURL(text) {
            try self.init(address: text, Self.split(text))
            return
        }
        let (head, marker) = Self.splitAtSemicolon(text)
        let isPath = "./~".utf8.contains(head.utf8.first ?? 0) || head.hasPrefix("${")
        let beforeAt = head.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
        let isReference = head.contains("@") && !LocalAddress.looksLikePath(beforeAt)
        if isPath || (LocalAddress.isArchive(Self.withoutBrackets(head)) && !isReference) {
            try self.init(address: text, (head, marker))
            return
        }
        do throws(GrammarError) {
            self.init(try Self.requirement(text, head, marker))
            try checkMachine()
        } catch {
            guard LocalAddress.looksLikePath(head), !head.utf8.contains(0x20), !isReference else { throw error }
            if let scheme = LocalAddress.scheme(head), head.contains("://") {
                throw GrammarError("`\(scheme):` is no kind of URL that packages come from", at: 0)
            }
            try self.init(address: text, (head, marker))
        }
    }

    /// What follows `-e` (pip: `parse_editable`).
    ///
    /// - Throws: what is wrong with it, and where.
    init(editable text: String) throws(GrammarError) {
        if let requirement = try? Requirement(parsing: text), requirement.url != nil {
            self.init(requirement)
        } else {
            try self.init(address: text, Self.split(text))
        }
        isEditable = true
        specifiers = []
        guard let address, let scheme = LocalAddress.scheme(address), scheme != "file" else { return }
        let isShort = ["git", "hg", "svn", "bzr"].contains(scheme)
        guard isShort || LocalAddress.isVersionControl(scheme) else {
            throw GrammarError(
                "`\(address.shortened)` cannot be edited: it has to be a directory or a URL of a version control system",
                at: 0)
        }
        if name == nil {
            throw GrammarError("`\(address.shortened)` does not say its name: write `name @ ` before it", at: 0)
        }
    }

    private init(_ requirement: Requirement) {
        name = requirement.name
        extras = requirement.extras
        specifiers = requirement.specifiers
        address = requirement.url
        isNamed = requirement.url != nil
        marker = requirement.marker
    }

    private init(address text: String, _ parts: (head: String, marker: Substring?)) throws(GrammarError) {
        try self.init(location: parts.head)
        marker = try Self.marker(parts.marker, in: text)
    }

    private init(location text: String) throws(GrammarError) {
        let scheme = LocalAddress.scheme(text)
        guard !text.isEmpty else { throw GrammarError("there is no path or URL", at: 0) }
        if let blank = text.utf8.firstIndex(where: { $0 == 0x20 || $0 == 0x09 }) {
            let offset = text.utf8.distance(from: text.startIndex, to: blank)
            // `x[a, b]`
            guard text.hasSuffix("]"), let open = text.lastIndex(of: "["), open < blank else {
                throw GrammarError("`\(text.shortened)` is no path, URL or requirement", at: offset)
            }
        }
        // `#egg=name[extra]` keeps what is in its brackets.
        let isEgg = scheme != nil && text.contains("egg=")
        let (address, extras) = isEgg ? (text, []) : try LocalAddress.splitExtras(text)
        self.address = address
        self.extras = extras
        try checkMachine()
        let location = scheme == nil ? address[...] : address.prefix { $0 != "#" && $0 != "?" }
        if location.hasSuffix(".whl") {
            let fileName = String(decoding: LocalAddress.unescaped(String(location)), as: UTF8.self)
            let wheel = try WheelName(fileName.split(separator: "/").last.map(String.init) ?? fileName)
            name = wheel.name
            specifiers = ["==\(wheel.version)"]
        } else if scheme != nil, let egg = try Self.egg(address) {
            name = egg.name
            self.extras = egg.extras
        }
    }

    private func checkMachine() throws(GrammarError) {
        guard let address, LocalAddress.scheme(address) == "file", LocalAddress.path(address) == nil else { return }
        throw GrammarError("`\(address.shortened)` is a file of another machine", at: 0)
    }

    /// `#egg=name` or `#egg=name[extra]`.
    private static func egg(_ address: String) throws(GrammarError) -> Requirement? {
        for mark in ["#egg=", "&egg="] {
            guard let range = address.firstRange(of: mark) else { continue }
            let text = address[range.upperBound...].prefix { $0 != "&" }
            guard let requirement = try? Requirement(parsing: text), requirement.specifiers.isEmpty,
                requirement.url == nil, requirement.marker == nil, !text.contains(" ")
            else {
                let offset = address.utf8.distance(from: address.startIndex, to: range.upperBound)
                throw GrammarError("`\(text.shortened)` after `egg=` is no name of a package", at: offset)
            }
            return requirement
        }
        return nil
    }

    private static func requirement(
        _ text: String, _ head: String, _ marker: Substring?
    ) throws(GrammarError) -> Requirement {
        // pip begins a marker at any `;`; PEP 508 wants a blank before it where there is a URL.
        if let marker, head.contains("@"), var requirement = try? Requirement(parsing: head), requirement.url != nil,
            marker.allSatisfy({ $0 == " " }) || (try? Marker(parsing: marker.trimmingBlanks())) != nil
        {
            requirement.marker = try Self.marker(marker, in: text)
            return requirement
        }
        if let marker, marker.utf8.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return try Requirement(parsing: head) }
        return try Requirement(parsing: text)
    }

    private static func marker(_ written: Substring?, in text: String) throws(GrammarError) -> String? {
        guard let written, !written.trimmingBlanks().isEmpty else { return nil }
        do throws(GrammarError) {
            let trimmed = written.trimmingBlanks()
            return try Marker.normalised(trimmed)
        } catch {
            let blanks = written.utf8.prefix { $0 == 0x20 || $0 == 0x09 }.count
            throw error.moved(by: text.utf8.distance(from: text.startIndex, to: written.startIndex) + blanks)
        }
    }

    private static func splitAtSemicolon(_ text: String) -> (head: String, marker: Substring?) {
        guard let semicolon = text.utf8.firstIndex(of: UInt8(ascii: ";")) else { return (text.trimmingBlanks(), nil) }
        return (text[..<semicolon].trimmingBlanks(), text[text.index(after: semicolon)...])
    }

    /// A `;` ends a URL where a blank is before or after it, or nothing follows.
    private static func split(_ text: String) -> (head: String, marker: Substring?) {
        let bytes = Array(text.utf8)
        for index in bytes.indices.dropFirst() where bytes[index] == UInt8(ascii: ";") {
            let around = [bytes[index - 1], index + 1 < bytes.count ? bytes[index + 1] : 0x78]
            guard around.contains(0x20) || around.contains(0x09) else { continue }
            let position = text.utf8.index(text.startIndex, offsetBy: index)
            return (text[..<position].trimmingBlanks(), text[text.utf8.index(after: position)...])
        }
        return (text.trimmingBlanks(), nil)
    }

    private static func withoutBrackets(_ text: String) -> Substring {
        guard text.hasSuffix("]"), let open = text.lastIndex(of: "[") else { return text[...] }
        return text[..<open]
    }
}

package import EnvdCore
package import EnvdPackaging

/// What an engine wrote as a requirements file, taken apart.
package struct RequirementsText: Hashable, Sendable {
    /// One requirement with all of its lines joined: no comment, no continuation.
    package struct Line: Hashable, Sendable {
        /// `idna==3.20`, `six @ https://…`, `/a/path`: no marker, no hash.
        package var requirement: String
        /// What follows `;`; nil where there is none.
        package var marker: String?
        package var isEditable: Bool
        /// `sha256:…`
        package var hashes: [String]

        /// As a file has it, with the newline at its end.
        var text: String {
            let hashes = hashes.map { " \\\n    --hash=\($0)" }.joined()
            return (isEditable ? "-e " : "") + requirement + (marker.map { " ; \($0)" } ?? "") + hashes + "\n"
        }

        /// The pinned version; nil for what is not pinned with `==`.
        package var pin: (name: String, version: String)? {
            guard !isEditable, let equals = requirement.firstRange(of: "==") else { return nil }
            var name = requirement[..<equals.lowerBound].trimmed
            if let bracket = name.firstIndex(of: "[") { name = name[..<bracket].trimmed }
            let version = requirement[equals.upperBound...].drop { $0 == "=" }.trimmed
            return name.isEmpty ? nil : (PackageName.canonical(name), String(version))
        }

        /// The local directory or file that is meant; nil for a name or a remote URL.
        package var localPath: String? {
            if pin != nil { return nil }
            var target = requirement[...]
            if let at = requirement.firstRange(of: " @ ") { target = requirement[at.upperBound...].trimmed }
            if target.hasPrefix("file://") { return PercentCoding.decoded(target.dropFirst("file://".count)) }
            // As rye writes them: relative to the project.
            if target.hasPrefix("file:") { return PercentCoding.decoded(target.dropFirst("file:".count)) }
            if target.contains("://") { return nil }
            let isPath = target.hasPrefix("/") || target.hasPrefix(".") || isEditable
            return isPath ? String(target) : nil
        }
    }

    package var lines: [Line]

    package init(lines: [Line]) { self.lines = lines }

    /// Reads what uv, pip or pip-tools write: continuation lines, comments, `--hash`; other options are
    /// dropped.
    package init(_ text: String) {
        lines = []
        var logical = ""
        for physical in text.split(separator: "\n", omittingEmptySubsequences: false) {
            var line = physical.hasSuffix("\r") ? physical.dropLast() : physical
            if line.trimmed.hasPrefix("#") { line = "" }
            if line.hasSuffix("\\") {
                logical += line.dropLast() + " "
                continue
            }
            logical += line
            if let parsed = Self.parse(logical[...]) { lines.append(parsed) }
            logical = ""
        }
        if let parsed = Self.parse(logical[...]) { lines.append(parsed) }
    }

    private static func parse(_ logical: Substring) -> Line? {
        var rest = logical.trimmed
        if let comment = rest.firstRange(of: " #") { rest = rest[..<comment.lowerBound].trimmed }
        guard !rest.isEmpty, !rest.hasPrefix("#") else { return nil }
        var isEditable = false
        for option in ["--editable=", "--editable ", "-e "] where rest.hasPrefix(option) {
            isEditable = true
            rest = rest.dropFirst(option.count).trimmed
        }
        if !isEditable, rest.hasPrefix("-") { return nil }
        var hashes: [String] = []
        while let option = rest.lastRange(of: " --") {
            let value = rest[option.upperBound...].trimmed
            if value.hasPrefix("hash") {
                hashes.insert(String(value.dropFirst("hash".count).drop { $0 == "=" || $0 == " " }), at: 0)
            }
            rest = rest[..<option.lowerBound].trimmed
        }
        var marker: String?
        if let semicolon = rest.firstRange(of: " ;") {
            marker = String(rest[semicolon.upperBound...].trimmed)
            rest = rest[..<semicolon.lowerBound].trimmed
        }
        return Line(requirement: String(rest), marker: marker, isEditable: isEditable, hashes: hashes)
    }

    /// Splits into what carries hashes and what cannot.
    ///
    /// - Parameters:
    ///   - directory: what relative paths are relative to.
    ///   - environment: where markers are to be judged; lines that do not apply are left out.
    package func resolution(relativeTo directory: Path, environment: MarkerEnvironment) -> Resolution {
        var hashed = ""
        var unhashed = ""
        var packages: [String: String] = [:]
        for line in lines {
            let holds = line.marker.map { environment.holds($0) } ?? true
            if holds == false { continue }
            let marker = holds == true ? "" : line.marker.map { " ; \($0)" } ?? ""
            if !line.hashes.isEmpty {
                let hashes = line.hashes.map { " \\\n    --hash=\($0)" }.joined()
                hashed += Self.absolute(line, directory) + marker + hashes + "\n"
            } else if let path = line.localPath {
                let place = Path(path).isAbsolute ? Path(path) : directory.appending(Path(path))
                let url = "file://" + PercentCoding.encoded(place.withoutDots)
                let name = line.requirement.firstRange(of: " @ ").map { line.requirement[..<$0.upperBound] } ?? ""
                unhashed += (line.isEditable ? "-e \(url)" : "\(name)\(url)") + marker + "\n"
            } else {
                unhashed += (line.isEditable ? "-e " : "") + line.requirement + marker + "\n"
            }
            if let pin = line.pin {
                packages[pin.name] = pin.version
            } else if let at = line.requirement.firstRange(of: " @ ") {
                let url = line.requirement[at.upperBound...].trimmed
                packages[PackageName.canonical(PackageName.leading(line.requirement))] = Self.withoutUser(url)
            }
        }
        return Resolution(hashed: hashed, unhashed: unhashed, packages: packages)
    }

    /// A line that carries hashes, with a path in it as a URL: relative ones mean nothing elsewhere.
    private static func absolute(_ line: Line, _ directory: Path) -> String {
        guard let path = line.localPath, let at = line.requirement.firstRange(of: " @ ") else {
            return line.requirement
        }
        let url = "file://" + PercentCoding.encoded(directory.appending(Path(path)).withoutDots)
        return line.requirement[..<at.upperBound] + url
    }

    /// A URL without the user and password that it may carry.
    package static func withoutUser(_ url: some StringProtocol) -> String {
        guard let scheme = url.firstRange(of: "://") else { return String(url) }
        let rest = url[scheme.upperBound...]
        let authority = rest.prefix { $0 != "/" }
        guard let at = authority.lastIndex(of: "@") else { return String(url) }
        return String(url[..<scheme.upperBound]) + String(rest[authority.index(after: at)...])
    }
}

extension StringProtocol {
    /// Without blanks at both ends.
    var trimmed: SubSequence {
        let start = drop { $0.isWhitespace }
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return self[endIndex...] }
        return self[start.startIndex...last]
    }

    func lastRange(of text: String) -> Range<Index>? {
        indices.last { self[$0...].hasPrefix(text) }.map { $0..<index($0, offsetBy: text.count) }
    }
}

internal import EnvdCore
internal import EnvdPackaging

/// One entry of a `dependencies` table of `[tool.poetry]`, as requirements: several where each has a marker of
/// its own.
struct PoetryDependency {
    /// Normalised.
    var name: String
    /// One for each alternative of a list.
    var lines: [String] = []
    /// Installed only with an extra that names it.
    var isOptional = false
    /// Directories and files of this machine.
    var paths: [Path] = []

    /// - Throws: what is wrong with the entry.
    init(_ key: String, _ value: CanonicalValue) throws(GrammarError) {
        guard let name = PackageName.normalised(key) else {
            throw GrammarError("`\(key.shortened)` is no name of a package")
        }
        self.name = name
        for entry in value.asList ?? [value] {
            if let text = entry.asText {
                lines.append(name + (try Self.constraint(text, of: key)).text)
            } else if let table = entry.asTable {
                try add(table, key: key)
            } else {
                throw GrammarError("the dependency `\(key.shortened)` has to be a constraint or a table")
            }
        }
    }

    private mutating func add(_ table: [String: CanonicalValue], key: String) throws(GrammarError) {
        if table["optional"]?.asTruth == true { isOptional = true }
        var head = name
        let extras = (table["extras"]?.asList ?? []).compactMap { $0.asText.flatMap { PackageName.normalised($0) } }
        if !extras.isEmpty { head += "[\(extras.sortedAndUnique().joined(separator: ","))]" }
        let subdirectory = table["subdirectory"]?.asText
        let marker = try marker(table, key: key)
        var isAddress = true
        if let repository = table["git"]?.asText {
            let reference = ["rev", "tag", "branch"].lazy.compactMap { table[$0]?.asText }.first
            head += " @ \(PoetryGit.url(repository))" + (reference.map { "@\($0)" } ?? "")
            if let subdirectory { head += "#subdirectory=\(subdirectory)" }
        } else if let text = table["path"]?.asText ?? table["file"]?.asText {
            let path = subdirectory.map { Path(text).appending($0) } ?? Path(text)
            paths.append(path)
            head += " @ \(path.isAbsolute ? "" : "./")\(path)"
        } else if let url = table["url"]?.asText {
            head += " @ \(url)" + (subdirectory.map { "#subdirectory=\($0)" } ?? "")
        } else {
            isAddress = false
            head += try Self.constraint(table["version"]?.asText ?? "*", of: key).text
        }
        lines.append(head + (marker.map { (isAddress ? " ; " : "; ") + $0 } ?? ""))
    }

    private static func constraint(_ text: String, of key: String) throws(GrammarError) -> PoetryConstraint {
        do throws(PoetryConstraint.Refusal) {
            return try PoetryConstraint(text)
        } catch {
            throw GrammarError("in the dependency `\(key.shortened)`, \(error.cause)")
        }
    }

    /// `markers`, `python` and `platform` together.
    private func marker(_ table: [String: CanonicalValue], key: String) throws(GrammarError) -> String? {
        var parts: [String] = []
        if let text = table["markers"]?.asText { parts.append(try Marker.normalised(text)) }
        if let text = table["python"]?.asText {
            if let part = Self.marker(python: try Self.constraint(text, of: key)) { parts.append(part) }
        }
        if let text = table["platform"]?.asText, let part = Self.marker(platform: text) { parts.append(part) }
        if parts.count < 2 { return parts.first }
        return parts.map { $0.contains(" or ") ? "(\($0))" : $0 }.joined(separator: " and ")
    }

    /// A constraint on the Python as a marker: `python_version` where two numbers say it, else
    /// `python_full_version` (poetry-core's `create_nested_marker`).
    static func marker(python constraint: PoetryConstraint) -> String? {
        if constraint.isAny { return nil }
        let alternatives = constraint.alternatives.map { clauses in
            clauses.map { clause -> String in
                let symbol = clause.prefix { "<>=!~".contains($0) }
                let version = clause.dropFirst(symbol.count)
                let isShort = version.split(separator: ".").count < 3 && !version.hasSuffix("*")
                let suits = isShort && [">=", "<", "==", "!="].contains(symbol)
                return "\(suits ? "python_version" : "python_full_version") \(symbol) \"\(version)\""
            }.joined(separator: " and ")
        }
        return alternatives.count == 1 ? alternatives[0] : alternatives.map { "(\($0))" }.joined(separator: " or ")
    }

    /// `linux`, `!=win32`, `linux || darwin` on `sys_platform`.
    private static func marker(platform text: String) -> String? {
        let alternatives = text.split(separator: "|").map { part in
            part.split(separator: ",").compactMap { piece -> String? in
                var value = piece.trimmingBlanks()
                if value.isEmpty || value == "*" { return nil }
                let symbol = value.hasPrefix("!=") ? "!=" : "=="
                value = value.drop { "!=".contains($0) }.trimmingBlanks()
                return "sys_platform \(symbol) \"\(value)\""
            }.joined(separator: " and ")
        }.filter { !$0.isEmpty }
        if alternatives.isEmpty { return nil }
        return alternatives.count == 1 ? alternatives[0] : alternatives.map { "(\($0))" }.joined(separator: " or ")
    }
}

/// Addresses of git repositories as Poetry takes them.
package enum PoetryGit {
    /// As pip and uv want it: `git+` before a URL; `git@host:path` as `ssh://git@host/path`.
    package static func url(_ address: String) -> String {
        if address.hasPrefix("git+") { return address }
        if address.contains("://") { return "git+" + address }
        if address.hasPrefix("/") { return "git+file://" + address }
        if let colon = address.firstIndex(of: ":"), !address[..<colon].contains("/") {
            return "git+ssh://" + address[..<colon] + "/" + address[address.index(after: colon)...].drop { $0 == "/" }
        }
        return "git+" + address
    }
}

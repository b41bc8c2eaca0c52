internal import EnvdCore
internal import EnvdPackaging

/// The parts of one Pipfile, as pipenv reads them.
struct PipfileReader {
    let document: TOMLDocument
    let table: EnvdTable?
    /// What local directories and archives hold, by the path as written.
    private(set) var sources: [String: CanonicalValue] = [:]

    init(document: TOMLDocument, table: EnvdTable?) {
        self.document = document
        self.table = table
    }

    private static let noCategories: Set<String> = ["source", "requires", "scripts", "pipfile", "pipenv"]
    private static let versionControl = ["git", "hg", "svn", "bzr"]
    /// Keys of an entry that are variables of markers, too.
    private static let markerKeys = [
        "os_name", "sys_platform", "platform_machine", "platform_python_implementation", "platform_release",
        "platform_system", "platform_version", "python_version", "python_full_version", "implementation_name",
        "implementation_version",
    ]

    private func problem(_ keys: [String], _ cause: String) -> Diagnostic {
        Diagnostic("could not read `Pipfile`: \(cause)", at: document.location(keys), hint: TOMLDocument.hint)
    }

    func requiresPython() throws(Diagnostic) -> [String] {
        guard let requires = document.value("requires") else { return [] }
        guard let entries = requires.asTable else { throw problem(["requires"], "`requires` has to be a table") }
        for key in ["python_full_version", "python_version"] {
            guard let value = entries[key] else { continue }
            guard let text = value.asText else { throw problem(["requires", key], "`\(key)` has to be a text") }
            if text == "*" { continue }
            guard let specifiers = PythonVersionFile.specifiers(for: text) else {
                throw problem(["requires", key], "`\(text.shortened)` is no version of Python")
            }
            return specifiers
        }
        return []
    }

    /// The sections of the lock file to install: `default` and `develop`, or those that `groups` names.
    func sections() throws(Diagnostic) -> [String] {
        guard let named = table?.groups else { return ["default", "develop"] }
        var known = ["default": "default", "packages": "default"]
        for name in ["dev", "develop", "dev-packages"] { known[name] = "develop" }
        for key in (document.root.asTable ?? [:]).keys.sortedAndUnique()
        where !Self.noCategories.contains(key) && key != "packages" && key != "dev-packages" {
            if let name = PackageName.normalised(key) { known[name] = key }
        }
        var result: Set<String> = ["default"]
        for name in named {
            guard let section = known[name] else {
                throw table?.problem("groups", "the category `\(name)` is not in the Pipfile") ?? problem([], "")
            }
            result.insert(section)
        }
        return result.sortedAndUnique()
    }

    /// What the Pipfile's side of some sections asks for, each as a requirement line.
    mutating func requirements(
        of sections: [String], context: inout ReadingContext
    ) throws(Diagnostic) -> [String] {
        var lines: [String] = []
        for section in sections {
            let key = section == "default" ? "packages" : section == "develop" ? "dev-packages" : section
            guard let value = document.value(key) else { continue }
            guard let entries = value.asTable else { throw problem([key], "`\(key)` has to be a table") }
            for name in entries.keys.sortedAndUnique() {
                guard let entry = entries[name] else { continue }
                do throws(GrammarError) {
                    lines.append(try line(name, entry, &context))
                } catch {
                    throw problem([key, name], error.cause)
                }
            }
        }
        return lines.sortedAndUnique()
    }

    private mutating func line(
        _ name: String, _ entry: CanonicalValue, _ context: inout ReadingContext
    ) throws(GrammarError) -> String {
        if let text = entry.asText { return try Requirement(parsing: name + Self.specifier(text)).normalised }
        guard let table = entry.asTable else {
            throw GrammarError("`\(name.shortened)` is neither a version nor a table")
        }
        let extras = (table["extras"]?.asList ?? []).compactMap(\.asText)
        let bracket =
            extras.isEmpty ? "" : "[\(try Requirement.extras(extras.joined(separator: ",")).joined(separator: ","))]"
        let marker = try Self.marker(table)
        let tail = marker.map { " ; \($0)" } ?? ""
        let isEditable = table["editable"]?.asTruth == true
        for kind in Self.versionControl {
            guard let url = table[kind]?.asText else { continue }
            var address = (url.hasPrefix("\(kind)+") ? "" : "\(kind)+") + url
            if let ref = table["ref"]?.asText, !ref.isEmpty { address += "@\(ref)" }
            if let directory = table["subdirectory"]?.asText { address += "#subdirectory=\(directory)" }
            guard !address.utf8.contains(where: { $0 <= 0x20 }) else { throw GrammarError("a URL holds a blank") }
            if let path = LocalAddress.path(url) { look(at: path, &context) }
            guard let plain = PackageName.normalised(name) else { throw GrammarError("`\(name.shortened)` is no name") }
            // An editable checkout would have to be kept somewhere: what is installed is the same.
            return "\(plain)\(bracket) @ \(address)\(tail)"
        }
        for kind in ["path", "file"] {
            guard let place = table[kind]?.asText else { continue }
            guard !place.isEmpty, !place.utf8.contains(where: { $0 == 0x0A }) else {
                throw GrammarError("the \(kind) of `\(name.shortened)` is none")
            }
            guard let path = LocalAddress.path(place) else {
                return "\(try Requirement(parsing: name + bracket).normalised) @ \(place)\(tail)"
            }
            look(at: path, &context)
            let shown = path.isAbsolute || path.bytes.bytes.first == UInt8(ascii: ".") ? "\(path)" : "./\(path)"
            return (isEditable ? "-e " : "") + shown + bracket + tail
        }
        let version = table["version"]?.asText.map(Self.specifier) ?? ""
        let text = name + bracket + version + (marker.map { " ; \($0)" } ?? "")
        return try Requirement(parsing: text).normalised
    }

    private mutating func look(at path: Path, _ context: inout ReadingContext) {
        guard sources[path.description] == nil else { return }
        sources[path.description] = PathDependency.content(of: path, context: &context)
    }

    /// `*` is any version, and a version alone means that one.
    private static func specifier(_ text: String) -> String {
        let text = text.trimmingBlanks()
        if text == "*" || text.isEmpty { return "" }
        return text.utf8.first.map { "<>=!~".utf8.contains($0) } == true ? text : "==" + text
    }

    /// `markers` and the keys that are variables of markers, all of which have to hold.
    private static func marker(_ table: [String: CanonicalValue]) throws(GrammarError) -> String? {
        var parts: [String] = []
        if let text = table["markers"]?.asText, !text.trimmingBlanks().isEmpty {
            parts.append(try Marker.normalised(text))
        }
        for key in markerKeys {
            if let text = table[key]?.asText { parts.append(try Marker.normalised("\(key) \(text)")) }
        }
        if parts.isEmpty { return nil }
        return parts.count == 1
            ? parts[0] : parts.map { $0.contains(" or ") ? "(\($0))" : $0 }.joined(separator: " and ")
    }

    /// `[[source]]` as options of a requirements file: the first one stands in for PyPI.
    func options(_ context: inout ReadingContext) throws(Diagnostic) -> [String] {
        var options: [String] = []
        for (index, source) in (document.value("source")?.asList ?? []).enumerated() {
            guard let url = source.value(["url"])?.asText, !url.isEmpty, !url.utf8.contains(where: { $0 <= 0x20 })
            else { throw problem(["source"], "a source has no `url`") }
            let verifies = source.value(["verify_ssl"])?.asTruth ?? true
            options += IndexSource(url: url, isDefault: index == 0, verifies: verifies).options
            context.wantedVariables.formUnion(RequirementsLine(number: 1, text: url, pieces: []).variables)
        }
        return options
    }
}

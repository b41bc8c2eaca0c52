package import EnvdCore

/// Where a layer says that its packages come from, as options at the head of a requirements file: never on a
/// command line, which other users can read.
package struct IndexOptions: Hashable, Sendable {
    /// Lines, each with its newline.
    package var header: String
    /// Whether more than one index may hold a package of the same name.
    package var isMixed: Bool
    /// The index that stands in for PyPI, with `${VAR}` as it is written; nil where the layer names none.
    package var defaultIndex: String?

    /// - Parameter root: what relative directories in the options are relative to.
    package init(_ layer: PythonLayer, root: Path) {
        header = ""
        isMixed = false
        let kept = ["--index-url", "-i", "--extra-index-url", "--find-links", "-f", "--no-index", "--trusted-host"]
        let directory = root.appending(layer.manifest).parent
        var seen: Set<String> = []
        for option in layer.options {
            let name = option.prefix { !$0.isWhitespace && $0 != "=" }
            guard kept.contains(String(name)) else { continue }
            var value = String(option.dropFirst(name.count).drop { $0.isWhitespace || $0 == "=" })
            if name == "--find-links" || name == "-f", !value.contains("://"), !value.hasPrefix("/") {
                value = directory.appending(Path(value)).withoutDots.description
            }
            // A slash at its end makes no other index.
            var plain = value[...]
            while plain.hasSuffix("/") { plain = plain.dropLast() }
            guard seen.insert("\(name) \(plain)").inserted else { continue }
            header += value.isEmpty ? "\(name)\n" : "\(name) \(value)\n"
            if name == "--extra-index-url" { isMixed = true }
            if name == "--index-url" || name == "-i" { defaultIndex = value }
        }
        // uv does not look at an explicit index unless a source names it, and a pinned line names none.
        guard case .table(let settings) = layer.settings, case .list(let indexes) = settings["index"] else { return }
        for case .table(let index) in indexes where index["explicit"] == .truth(true) {
            guard case .text(let url) = index["url"] else { continue }
            isMixed = true
            let isLocal = !url.contains("://")
            header += "--extra-index-url \(isLocal ? root.appending(Path(url)).withoutDots.description : url)\n"
        }
    }

    /// The same for pip, which reads no `[tool.uv]` and no uv.toml: their indexes and links, too.
    package static func header(forPip layer: PythonLayer, root: Path) -> String {
        let own = IndexOptions(layer, root: root).header
        guard layer.format != .poetry, case .table(let settings) = layer.settings else { return own }
        // uv.toml stands in for the table, and both for that of the workspace.
        let nested = ["envd.uv.toml", "envd.workspace"].compactMap { settings[$0] }.compactMap { value in
            if case .table(let table) = value { table } else { nil }
        }
        return own + lines(ofUv: nested.first ?? settings, root: root)
    }

    private static func lines(ofUv settings: [String: CanonicalValue], root: Path) -> String {
        func address(_ text: String) -> String {
            text.contains("://") ? text : root.appending(Path(text)).withoutDots.description
        }
        func texts(_ key: String) -> [String] {
            switch settings[key] {
            case .text(let text): [text]
            case .list(let values): values.compactMap { if case .text(let text) = $0 { text } else { nil } }
            default: []
            }
        }
        var lines = texts("index-url").map { "--index-url \(address($0))\n" }
        lines += texts("extra-index-url").map { "--extra-index-url \(address($0))\n" }
        if case .list(let indexes) = settings["index"] {
            for case .table(let index) in indexes where index["explicit"] != .truth(true) {
                guard case .text(let url) = index["url"] else { continue }
                lines.append(
                    (index["default"] == .truth(true) ? "--index-url " : "--extra-index-url ") + address(url) + "\n")
            }
        }
        lines += texts("find-links").map { "--find-links \(address($0))\n" }
        if settings["no-index"] == .truth(true) { lines.append("--no-index\n") }
        return lines.joined()
    }

    /// `${VAR}` replaced as pip's documentation has it ("Using environment variables"): upper case, digits and
    /// `_` alone; one that is unset stays as it is.
    package static func expanded(_ text: String, _ environment: [ByteString: ByteString]) -> String {
        var result = ""
        var rest = text[...]
        while let start = rest.firstRange(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}") {
            let name = rest[start.upperBound..<end]
            result += rest[..<start.lowerBound]
            let isName = !name.isEmpty && name.allSatisfy { $0.isASCII && ($0.isUppercase || $0.isNumber || $0 == "_") }
            let value = isName ? environment[ByteString(name)] : nil
            result += value?.description ?? String(rest[start.lowerBound...end])
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }
}

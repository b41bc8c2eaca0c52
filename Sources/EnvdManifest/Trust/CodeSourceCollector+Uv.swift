internal import EnvdCore
internal import EnvdPackaging

/// `[tool.uv]` and uv.toml (<https://docs.astral.sh/uv/reference/settings/>).
extension CodeSourceCollector {
    /// Settings that choose among versions and platforms, or that are looked at elsewhere.
    private static let harmless: Set<String> = [
        "workspace", "constraint-dependencies", "override-dependencies", "build-constraint-dependencies",
        "exclude-dependencies", "sources", "index", "index-url", "extra-index-url", "find-links", "no-index", "pip",
        "environments", "required-environments", "conflicts", "dependency-groups", "exclude-newer",
        "exclude-newer-package", "fork-strategy", "prerelease", "resolution", "required-version", "no-build",
        "no-build-package", "no-binary", "no-binary-package", "only-binary", "upgrade", "upgrade-package", "reinstall",
        "reinstall-package", "no-sources", "no-sources-package", "generate-hashes", "no-header", "no-annotate",
        "annotation-style", "universal", "python-version", "python-platform", "require-hashes", "verify-hashes",
        "extra", "all-extras", "no-extra", "group", "no-deps", "strict", "output-file", "no-strip-extras",
        "no-strip-markers", "custom-compile-command", "emit-index-url", "emit-find-links", "emit-build-options",
        "emit-marker-expression", "emit-index-annotation", "torch-backend", "allow-empty-requirements",
    ]

    /// - Parameters:
    ///   - title: as people know it: `[tool.uv]`.
    ///   - base: where relative paths start.
    mutating func addUv(_ value: CanonicalValue, of title: String, from base: Path) {
        guard let table = value.asTable else {
            // What cannot be read says what it is by its digest.
            return add(.setting, title, content: value, near: nil)
        }
        for index in table["index"]?.asList ?? [] {
            if let url = index.value(["url"])?.asText { addIndex(url, from: base) }
        }
        for key in ["index-url", "extra-index-url"] {
            for url in texts(table[key]) { addIndex(url, from: base) }
        }
        for address in texts(table["find-links"]) { addLinks(address, from: base) }
        for (name, entry) in (table["sources"]?.asTable ?? [:]).sorted(by: { $0.key < $1.key }) {
            for source in entry.asList ?? [entry] { addSource(source, of: name, from: base) }
        }
        for key in ["override-dependencies", "constraint-dependencies", "build-constraint-dependencies"] {
            for text in texts(table[key]) { addRequirement(text, from: base) }
        }
        if table["no-binary"]?.asTruth == true { addBuilds([":all:"], near: "no-binary") }
        addBuilds(texts(table["no-binary"]) + texts(table["no-binary-package"]), near: nil)
        if let pip = table["pip"] { addUv(pip, of: "\(title) pip", from: base) }
        for (key, value) in table.sorted(by: { $0.key < $1.key })
        where !Self.harmless.contains(key) && !key.hasPrefix("envd.") {
            add(.setting, "\(key) in \(title)", content: value, near: key)
        }
    }

    private mutating func addSource(_ source: CanonicalValue, of name: String, from base: Path) {
        if let url = source.value(["git"])?.asText { addRepository(url, from: base) }
        if let url = source.value(["url"])?.asText { addAddress(url, from: base) }
        if let path = source.value(["path"])?.asText { addAddress(path, from: base) }
    }

    func texts(_ value: CanonicalValue?) -> [String] {
        value?.asText.map { [$0] } ?? (value?.asList ?? []).compactMap(\.asText)
    }
}

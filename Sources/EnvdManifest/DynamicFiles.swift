internal import EnvdCore

/// The files that a build backend reads for metadata that pyproject.toml does not hold.
enum DynamicFiles {
    /// What of them counts, by path relative to the root; each becomes an input, there or not.
    static func content(_ document: TOMLDocument, context: inout ReadingContext) -> [String: CanonicalValue] {
        let project = document.value("project")?.asTable ?? [:]
        let dynamic = Set((project["dynamic"]?.asList ?? []).compactMap(\.asText))
        let backend = document.value("build-system", "build-backend")?.asText
        var files: [String: CanonicalValue] = [:]
        func add(_ name: String, versionOnly: Bool) {
            guard let path = LocalAddress.path(name), files[name] == nil,
                let bytes = context.files.readIfPresent(path)
            else { return }
            files[name] = versionOnly ? FileContent.version(bytes) : FileContent.digest(bytes)
        }
        let isSetuptools = document.value("build-system") != nil && (backend ?? "setuptools").hasPrefix("setuptools")
        if isSetuptools || !dynamic.isEmpty {
            for name in ["setup.py", "setup.cfg", "MANIFEST.in"] { add(name, versionOnly: false) }
        }
        for name in cacheKeys(document) { add(name, versionOnly: false) }
        guard !dynamic.isEmpty else { return files }
        for (key, value) in document.value("tool", "setuptools", "dynamic")?.asTable ?? [:] {
            let attribute = key == "version" ? value.value(["attr"])?.asText : nil
            for name in attribute.map({ modules($0) }) ?? [] { add(name, versionOnly: true) }
            // In optional-dependencies and dependencies too: a name or a list of names.
            let tables = [value] + (value.asTable.map { Array($0.values) } ?? [])
            for table in tables { for name in texts(table.value(["file"])) { add(name, versionOnly: false) } }
        }
        if dynamic.contains("version") {
            for path in [["hatch", "version", "path"], ["pdm", "version", "path"]] {
                if let name = document.root.value(["tool"] + path)?.asText { add(name, versionOnly: true) }
            }
            if backend?.hasPrefix("flit") == true {
                let module = document.value("tool", "flit", "module", "name")?.asText ?? project["name"]?.asText ?? ""
                let name = String(module.map { $0 == "-" ? "_" : $0 })
                for file in modules(name + ".__version__") { add(file, versionOnly: true) }
            }
        }
        return files
    }

    /// `[tool.uv] cache-keys`: when uv thinks that metadata has to be read anew.
    private static func cacheKeys(_ document: TOMLDocument) -> [String] {
        (document.value("tool", "uv", "cache-keys")?.asList ?? []).compactMap { $0.value(["file"])?.asText }
            .filter { $0 != "pyproject.toml" && !$0.contains("*") }
    }

    private static func texts(_ value: CanonicalValue?) -> [String] {
        value?.asText.map { [$0] } ?? (value?.asList ?? []).compactMap(\.asText)
    }

    /// Where `package.module.attribute` may stand, in both layouts.
    static func modules(_ attribute: String) -> [String] {
        let pieces = attribute.split(separator: ".").dropLast()
        guard !pieces.isEmpty, pieces.allSatisfy({ !$0.contains("/") }) else { return [] }
        let module = pieces.joined(separator: "/")
        return ["", "src/"].flatMap { ["\($0)\(module)/__init__.py", "\($0)\(module).py"] }
    }
}

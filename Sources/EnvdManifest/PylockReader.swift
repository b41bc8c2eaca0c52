internal import EnvdCore
internal import EnvdPackaging

/// The packages of one pylock.toml as exact requirement lines.
struct PylockReader {
    let document: TOMLDocument
    /// As messages call the file.
    let name: String
    /// What is installed: `default-groups`, or what `[tool.envd]` names.
    private(set) var groups: [String] = []
    private(set) var extras: [String] = []
    private(set) var requirements: [String] = []
    /// What local directories and archives hold, by the path as written.
    private(set) var sources: [String: CanonicalValue] = [:]
    private var indexes: [String] = []
    private var directories: [String] = []

    /// - Throws: a version of the format that is not known, a group or extra that is not there.
    init(document: TOMLDocument, name: String, table: EnvdTable?) throws(Diagnostic) {
        self.document = document
        self.name = name
        let version = document.value("lock-version")
        guard let version = version?.asText, version == "1" || version.hasPrefix("1.") else {
            throw problem(
                ["lock-version"], version == nil ? "there is no `lock-version`" : "its `lock-version` is not known")
        }
        let known = names("dependency-groups")
        groups = table?.groups ?? names("default-groups")
        for group in table?.groups ?? [] where !known.contains(group) {
            throw table?.problem("groups", "the group `\(group)` is not in `\(name)`") ?? problem([], "")
        }
        extras = table?.extras ?? []
        let offered = names("extras")
        for extra in extras where !offered.contains(extra) {
            throw table?.problem("extras", "the extra `\(extra)` is not in `\(name)`") ?? problem([], "")
        }
    }

    private func names(_ key: String) -> [String] {
        (document.value(key)?.asList ?? []).compactMap { $0.asText.flatMap { PackageName.normalised($0) } }
            .sortedAndUnique()
    }

    private func problem(_ keys: [String], _ cause: String) -> Diagnostic {
        Diagnostic("could not read `\(name)`: \(cause)", at: document.location(keys), hint: TOMLDocument.hint)
    }

    func requiresPython() throws(Diagnostic) -> [String] {
        guard let value = document.value("requires-python") else { return [] }
        guard let text = value.asText, let clauses = try? VersionSpecifiers.normalised(text) else {
            throw problem(["requires-python"], "`requires-python` is no version specifier")
        }
        return clauses
    }

    /// Indexes other than PyPI, and directories with archives.
    var options: [String] {
        let others = indexes.filter { !IndexSource.pypi.contains($0) }
        // Where PyPI is named too, or a package names no index, the user's default index stays.
        let isAlone = others.count == indexes.count
        return others.enumerated().map { "\($0 == 0 && isAlone ? "--index-url" : "--extra-index-url") \($1)" }
            + directories.map { "--find-links \($0)" }
    }

    /// - Throws: the first package that cannot be understood.
    mutating func readPackages(_ context: inout ReadingContext) throws(Diagnostic) {
        guard let value = document.value("packages") else { return }
        guard let packages = value.asList else { throw problem(["packages"], "`packages` has to be a list of tables") }
        for package in packages {
            let shown = package.value(["name"])?.asText?.shortened ?? "?"
            do throws(GrammarError) {
                requirements.append(try line(package, &context))
            } catch {
                throw problem(["packages"], "package `\(shown)`: \(error.cause)")
            }
        }
    }

    private mutating func line(
        _ package: CanonicalValue, _ context: inout ReadingContext
    ) throws(GrammarError) -> String {
        guard let name = package.value(["name"])?.asText.flatMap({ PackageName.normalised($0) }) else {
            throw GrammarError("it has no `name`")
        }
        let marker =
            try package.value(["marker"]).map { value throws(GrammarError) -> String in
                guard let text = value.asText else { throw GrammarError("its marker is no text") }
                return " ; " + selected(try Marker.normalised(text))
            } ?? ""
        func text(_ value: CanonicalValue, _ key: String) -> String? {
            value.value([key])?.asText.flatMap { $0.utf8.contains(where: { $0 <= 0x20 }) || $0.isEmpty ? nil : $0 }
        }
        if let source = package.value(["vcs"]) {
            guard let kind = text(source, "type"), let commit = text(source, "commit-id"),
                let url = text(source, "url") ?? text(source, "path")
            else { throw GrammarError("its `vcs` needs `type`, `url` or `path`, and `commit-id`") }
            let directory = text(source, "subdirectory").map { "#subdirectory=\($0)" } ?? ""
            return "\(name) @ \(kind)+\(url)@\(commit)\(directory)\(marker)"
        }
        if let source = package.value(["directory"]) {
            guard let path = text(source, "path") else { throw GrammarError("its `directory` needs a `path`") }
            let whole = text(source, "subdirectory").map { "\(path)/\($0)" } ?? path
            let shown = whole.hasPrefix("/") || whole.hasPrefix(".") ? whole : "./\(whole)"
            sources[whole] = PathDependency.content(of: Path(whole), context: &context)
            return (source.value(["editable"])?.asTruth == true ? "-e " : "") + shown + marker
        }
        if let source = package.value(["archive"]) {
            guard let url = text(source, "url") ?? text(source, "path") else {
                throw GrammarError("its `archive` needs a `url` or a `path`")
            }
            let directory = text(source, "subdirectory").map { "#subdirectory=\($0)" } ?? ""
            let isLocal = LocalAddress.path(url) != nil && !url.contains(":")
            if isLocal { sources[url] = PathDependency.content(of: Path(url), context: &context) }
            let place = isLocal && !url.hasPrefix("/") && !url.hasPrefix(".") ? "./\(url)" : url
            return "\(name) @ \(place)\(directory)\(marker)" + (try hashes([source]))
        }
        let files = (package.value(["wheels"])?.asList ?? []) + [package.value(["sdist"])].compactMap { $0 }
        guard !files.isEmpty else { throw GrammarError("it has neither `wheels` nor another source") }
        guard let version = text(package, "version"), PythonVersion(version) != nil else {
            throw GrammarError("it has no `version`")
        }
        note(text(package, "index") ?? "pypi.org")
        for file in files {
            // Where the index does not have it, an engine goes there.
            guard let url = text(file, "url"), let scheme = url.firstRange(of: "://") else { continue }
            let host = CodeSourceCollector.withoutCredentials(
                String(url[..<scheme.upperBound] + url[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" }))
            let source = NamedSource(CodeSource(.url, host), at: .init(file: document.file))
            if !context.namedSources.contains(source) { context.namedSources.append(source) }
        }
        for file in files where text(file, "url") == nil {
            guard let path = text(file, "path").map({ Path($0) }) else { continue }
            let parent = path.parent.description
            if !directories.contains(parent) { directories.append(parent) }
        }
        return "\(name)==\(version)\(marker)" + (try hashes(files))
    }

    private mutating func note(_ index: String) {
        if !indexes.contains(index) { indexes.append(index) }
    }

    /// The hashes that pip and uv know, in byte order.
    private func hashes(_ files: [CanonicalValue]) throws(GrammarError) -> String {
        var found: [String] = []
        for file in files {
            let table = file.value(["hashes"])?.asTable ?? [:]
            let known = ["sha256", "sha384", "sha512"].compactMap { kind in table[kind]?.asText.map { "\(kind):\($0)" }
            }
            guard let best = known.first, best.utf8.allSatisfy({ PackageName.isLetterOrDigit($0) || $0 == 0x3A }) else {
                throw GrammarError("a file of it has no hash of SHA-256, SHA-384 or SHA-512")
            }
            found.append(best)
        }
        return found.sortedAndUnique().map { " --hash=\($0)" }.joined()
    }

    /// A marker with its questions about extras and groups answered, which only this format asks.
    private func selected(_ marker: String) -> String {
        var result = marker
        for (variable, chosen) in [("extras", extras), ("dependency_groups", groups)] {
            for (word, truth) in [("not in", false), ("in", true)] {
                while let range = result.firstRange(of: "\" \(word) \(variable)") {
                    guard let quote = result[..<range.lowerBound].lastIndex(of: "\"") else { break }
                    let name = PackageName.normalised(result[result.index(after: quote)..<range.lowerBound])
                    let holds = (name.map { chosen.contains($0) } ?? false) == truth
                    result.replaceSubrange(
                        quote..<range.upperBound, with: holds ? "python_version >= '0'" : "python_version < '0'")
                }
            }
        }
        return result
    }
}

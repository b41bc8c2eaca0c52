internal import EnvdCore
internal import EnvdPackaging

/// `[dependency-groups]` (PEP 735).
struct DependencyGroups {
    private static let maximumDepth = 64

    private let document: TOMLDocument
    /// By normalised name: the name as written, and the entries.
    private var groups: [String: (key: String, entries: [CanonicalValue])] = [:]

    /// - Throws: where the table is not a table of lists, or two names are one when normalised.
    init(_ document: TOMLDocument) throws(Diagnostic) {
        self.document = document
        guard let value = document.value("dependency-groups") else { return }
        guard let table = value.asTable else { throw Self.problem(document, nil, "it has to be a table") }
        for key in table.keys.sortedAndUnique() {
            guard let name = PackageName.normalised(key) else {
                throw Self.problem(document, key, "`\(key.shortened)` is no name of a group")
            }
            guard let entries = table[key]?.asList else {
                throw Self.problem(document, key, "the group `\(key)` has to be a list")
            }
            if let other = groups[name] {
                throw Self.problem(document, key, "the groups `\(other.key)` and `\(key)` have one name")
            }
            groups[name] = (key, entries)
        }
    }

    /// Normalised, in byte order.
    var names: [String] { groups.keys.sortedAndUnique() }

    /// The requirements of some groups and of those that they include, normalised.
    ///
    /// - Parameter chosen: normalised names.
    /// - Throws: a group that is not there, one that includes itself, an entry that cannot be understood.
    func requirements(of chosen: [String]) throws(Diagnostic) -> [String] {
        var done: Set<String> = []
        var result: [String] = []
        for name in chosen { try expand(name, chain: [], &done, &result) }
        return result
    }

    private func expand(
        _ name: String, chain: [String], _ done: inout Set<String>, _ result: inout [String]
    ) throws(Diagnostic) {
        guard let group = groups[name], !done.contains(name) else { return }
        for (index, entry) in group.entries.enumerated() {
            func problem(_ cause: String) -> Diagnostic { Self.problem(document, group.key, cause, element: index) }
            if let text = entry.asText {
                do throws(GrammarError) {
                    result.append(try Requirement(parsing: text).normalised)
                } catch {
                    throw problem(error.cause)
                }
            } else if let table = entry.asTable, table.count == 1, let other = table["include-group"]?.asText {
                guard let included = PackageName.normalised(other), groups[included] != nil else {
                    throw problem("the group `\(other.shortened)` that `\(group.key)` includes is not there")
                }
                guard included != name, !chain.contains(included) else {
                    throw problem("the group `\(other)` includes itself")
                }
                guard chain.count < Self.maximumDepth else { throw problem("its groups include each other too deeply") }
                try expand(included, chain: chain + [name], &done, &result)
            } else {
                throw problem("an entry of the group `\(group.key)` is neither a requirement nor an include-group")
            }
        }
        done.insert(name)
    }

    private static func problem(
        _ document: TOMLDocument, _ key: String?, _ cause: String, element: Int? = nil
    ) -> Diagnostic {
        let place = document.location(["dependency-groups"] + [key].compactMap { $0 }, element: element)
        return Diagnostic(
            "could not read `pyproject.toml`: \(cause)", at: place, hint: TOMLDocument.hint)
    }
}

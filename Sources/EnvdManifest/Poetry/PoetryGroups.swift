internal import EnvdCore
internal import EnvdPackaging

/// The dependency groups of a Poetry project: those of `[tool.poetry.group]`, of PEP 735 and the old
/// `dev-dependencies`; the project's own dependencies are the group `main`.
struct PoetryGroups {
    static let main = "main"
    /// In one table: no project has as many, and each costs time.
    private static let maximumCount = 10_000

    private struct Group {
        var isOptional = false
        var dependencies: [PoetryDependency] = []
        /// Of PEP 735, normalised.
        var requirements: [String] = []
        var includes: [String] = []
    }

    private var groups: [String: Group] = [:]
    private let document: TOMLDocument

    /// - Throws: the first entry that cannot be understood.
    init(_ document: TOMLDocument) throws(Diagnostic) {
        self.document = document
        // Checks names, includes and requirements of PEP 735.
        let standard = try DependencyGroups(document)
        for name in standard.names { groups[name] = Group(requirements: try standard.requirements(of: [name])) }
        let tables = document.value("tool", "poetry", "group")
        if let tables, tables.asTable == nil {
            throw problem(["tool", "poetry", "group"], "`group` has to be a table")
        }
        for key in tables?.asTable?.keys.sortedAndUnique() ?? [] {
            let keys = ["tool", "poetry", "group", key]
            guard let name = PackageName.normalised(key), name != Self.main else {
                throw problem(keys, "`\(key.shortened)` is no name of a group")
            }
            guard let table = document.root.value(keys)?.asTable else {
                throw problem(keys, "the group `\(key)` has to be a table")
            }
            var group = groups[name] ?? Group()
            group.isOptional = table["optional"]?.asTruth ?? false
            group.dependencies = try Self.dependencies(document, keys + ["dependencies"])
            group.includes = (table["include-groups"]?.asList ?? []).compactMap(\.asText).compactMap {
                PackageName.normalised($0)
            }
            groups[name] = group
        }
        let old = ["tool", "poetry", "dev-dependencies"]
        if document.root.value(old) != nil {
            groups["dev", default: Group()].dependencies += try Self.dependencies(document, old)
        }
        for name in names {
            for other in groups[name]?.includes ?? [] where groups[other] == nil {
                throw problem(
                    ["tool", "poetry", "group", name, "include-groups"],
                    "the group `\(other)` that `\(name)` includes is not there")
            }
        }
    }

    /// A table of dependencies, by name in byte order; `python` is none.
    static func dependencies(_ document: TOMLDocument, _ keys: [String]) throws(Diagnostic) -> [PoetryDependency] {
        guard let value = document.root.value(keys) else { return [] }
        guard let table = value.asTable else {
            throw problem(document, keys, "`\(keys.last ?? "")` has to be a table")
        }
        guard table.count <= maximumCount else {
            throw problem(document, keys, "it names more than \(maximumCount) dependencies")
        }
        var result: [PoetryDependency] = []
        for key in table.keys.sortedAndUnique() where key.lowercased() != "python" {
            guard let entry = table[key] else { continue }
            do throws(GrammarError) {
                result.append(try PoetryDependency(key, entry))
            } catch {
                throw problem(document, keys + [key], error.cause)
            }
        }
        return result
    }

    /// Normalised, in byte order, without `main`.
    var names: [String] { groups.keys.sortedAndUnique() }

    /// What `poetry install` takes: all that are not optional.
    var defaults: [String] { names.filter { groups[$0]?.isOptional == false } }

    /// Directories and files that any group names: Poetry looks at those of all groups.
    var paths: [Path] { names.flatMap { groups[$0]?.dependencies.flatMap(\.paths) ?? [] } }

    /// The requirements of some groups and of those that they include.
    func requirements(of chosen: [String]) -> [String] {
        var done: Set<String> = []
        var waiting = chosen
        var result: [String] = []
        while let name = waiting.popLast() {
            guard let group = groups[name], done.insert(name).inserted else { continue }
            result += group.requirements + group.dependencies.flatMap(\.lines)
            waiting += group.includes
        }
        return result
    }

    private func problem(_ keys: [String], _ cause: String) -> Diagnostic { Self.problem(document, keys, cause) }

    private static func problem(_ document: TOMLDocument, _ keys: [String], _ cause: String) -> Diagnostic {
        Diagnostic("could not read `pyproject.toml`: \(cause)", at: document.location(keys), hint: TOMLDocument.hint)
    }
}

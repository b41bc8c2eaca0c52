internal import EnvdCore
internal import EnvdPackaging

/// The parts of one pyproject.toml, checked as far as a message with a line helps its user.
struct PyprojectReader {
    let document: TOMLDocument
    let table: EnvdTable?

    private func problem(_ keys: [String], _ cause: String, element: Int? = nil) -> Diagnostic {
        Diagnostic(
            "could not read `pyproject.toml`: \(cause)", at: document.location(keys, element: element),
            hint: TOMLDocument.hint)
    }

    /// `[project] name` as written; nil where there is no `[project]`.
    func name() throws(Diagnostic) -> String? {
        guard let project = document.value("project") else { return nil }
        guard let entries = project.asTable else { throw problem(["project"], "`project` has to be a table") }
        guard let value = entries["name"] else { throw problem(["project"], "`[project]` has no `name`") }
        guard let name = value.asText, PackageName.normalised(name) != nil else {
            throw problem(["project", "name"], "the name of the project is no name of a package")
        }
        return name
    }

    func requiresPython() throws(Diagnostic) -> [String] {
        let keys = ["project", "requires-python"]
        guard let value = document.root.value(keys) else { return [] }
        guard let text = value.asText else { throw problem(keys, "`requires-python` has to be a text") }
        do throws(GrammarError) {
            return try VersionSpecifiers.normalised(text)
        } catch {
            throw problem(keys, "in `requires-python`, \(error.cause)")
        }
    }

    func dependencies() throws(Diagnostic) -> [String] { try requirements(["project", "dependencies"]) }

    /// The requirements of the extras that `[tool.envd]` chose.
    func extras() throws(Diagnostic) -> [String] {
        guard let chosen = table?.extras, !chosen.isEmpty else { return [] }
        let keys = ["project", "optional-dependencies"]
        var known: [String: String] = [:]
        for key in document.root.value(keys)?.asTable?.keys.sortedAndUnique() ?? [] {
            if let name = PackageName.normalised(key) { known[name] = key }
        }
        let dynamic = (document.value("project", "dynamic")?.asList ?? []).compactMap(\.asText)
        var result: [String] = []
        for name in chosen {
            if let key = known[name] {
                result += try requirements(keys + [key])
            } else if !dynamic.contains("optional-dependencies") {
                let cause = "the extra `\(name)` is not in `optional-dependencies`"
                throw table?.problem("extras", cause) ?? problem(keys, cause)
            }
        }
        return result
    }

    /// The groups to install, and what they ask for: those that `[tool.envd]` or `[tool.uv]` names, else `dev`.
    func groups() throws(Diagnostic) -> (names: [String], requirements: [String]) {
        let groups = try DependencyGroups(document)
        let oldKeys = ["tool", "uv", "dev-dependencies"]
        let hasOld = document.root.value(oldKeys) != nil
        let known = Set(groups.names + (hasOld ? ["dev"] : []))
        var chosen: [String]
        if let named = table?.groups {
            for name in named where !known.contains(name) {
                let cause = "the group `\(name)` is not in `[dependency-groups]`"
                throw table?.problem("groups", cause) ?? problem(["dependency-groups"], cause)
            }
            chosen = named
        } else if let value = document.value("tool", "uv", "default-groups") {
            let keys = ["tool", "uv", "default-groups"]
            if value.asText == "all" {
                chosen = known.sortedAndUnique()
            } else {
                let names = (value.asList ?? []).compactMap { $0.asText.flatMap { PackageName.normalised($0) } }
                guard let count = value.asList?.count, count == names.count else {
                    throw problem(keys, "`default-groups` has to be a list of groups or \"all\"")
                }
                // uv takes `dev` for granted, there or not.
                try check(names, in: known.union(["dev"]), at: keys)
                chosen = names
            }
        } else {
            chosen = ["dev"]
        }
        chosen = chosen.filter { known.contains($0) }.sortedAndUnique()
        var result = try groups.requirements(of: chosen)
        // uv takes the old table for a part of the group `dev`.
        if hasOld, chosen.contains("dev") { result += try requirements(oldKeys) }
        return (chosen.filter { groups.names.contains($0) }, result)
    }

    private func check(_ names: [String], in known: Set<String>, at keys: [String]) throws(Diagnostic) {
        for (index, name) in names.enumerated() where !known.contains(name) {
            throw problem(keys, "the group `\(name)` is not in `[dependency-groups]`", element: index)
        }
    }

    /// The project as a package; nil where it is none or `[tool.envd] project = "none"`.
    func editable() throws(Diagnostic) -> EditableProject? {
        guard let written = try name(), let name = PackageName.normalised(written) else { return nil }
        let isPackage: Bool
        switch table?.project {
        case .nowhere: isPackage = false
        case .editable: isPackage = true
        case nil:
            isPackage = document.value("tool", "uv", "package")?.asTruth ?? (document.value("build-system") != nil)
        }
        guard isPackage else { return nil }
        let metadata = ProjectMetadata.entries(of: document.root, withDependencies: false)
        return EditableProject(name: name, metadata: .table(metadata))
    }

    /// The list of requirements at a chain of keys, normalised; empty where there is none.
    func requirements(_ keys: [String]) throws(Diagnostic) -> [String] {
        guard let value = document.root.value(keys) else { return [] }
        guard let values = value.asList else {
            throw problem(keys, "`\(keys.last ?? "")` has to be a list of requirements")
        }
        var result: [String] = []
        for (index, value) in values.enumerated() {
            guard let text = value.asText else { throw problem(keys, "a requirement has to be a text", element: index) }
            do throws(GrammarError) {
                result.append(try Requirement(parsing: text).normalised)
            } catch {
                throw problem(keys, error.cause, element: index)
            }
        }
        return result
    }
}

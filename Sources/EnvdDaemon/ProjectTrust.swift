internal import EnvdCore
internal import EnvdSystem

/// Whether what an allowed project is made of is still what its user allowed.
enum ProjectTrust {
    /// Why nothing of the project may run just now, although its user allowed it.
    static func objection(to project: Project, inputs: [InputFile]) -> Diagnostic? {
        guard let status = try? FileSystem.status(project.root), status.kind == .directory else {
            return Diagnostic(
                "could not find `\(project.root)`",
                hint: "the environment stays; `envd forget \(project.root.shellWord)` removes it")
        }
        if status.directoryIdentity != project.identity {
            return Diagnostic(
                "`\(project.root)` is another directory than the one that was allowed",
                hint: "look at it, then `envd allow \(project.root.shellWord)`")
        }
        if project.isShared { return nil }
        for path in [project.root] + inputs.map(\.path) {
            if let objection = Ownership.objection(to: path) {
                return Diagnostic(
                    "could not trust the project: \(objection)",
                    hint: "mend its owner or mode, or accept it with `envd allow --shared \(project.root.shellWord)`")
            }
        }
        return nil
    }
}

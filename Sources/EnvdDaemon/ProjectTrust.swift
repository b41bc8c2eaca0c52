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
        if !status.directoryIdentity.isSame(as: project.identity) {
            return Diagnostic(
                "`\(project.root)` is another directory than the one that was allowed",
                hint: "look at it, then `envd allow \(project.root.shellWord)`")
        }
        if project.isShared { return nil }
        // Who can write a directory can put another file in an input's place.
        let directories = Set(inputs.map(\.path.parent)).filter { $0 != project.root && $0.isWithin(project.root) }
        for path in [project.root] + directories.sorted() + inputs.map(\.path) {
            if let objection = Ownership.objection(to: path) {
                return Diagnostic(
                    "could not trust the project: \(objection)",
                    hint: "mend its owner or mode, or accept it with `envd allow --shared \(project.root.shellWord)`")
            }
        }
        return nil
    }

    /// Why a project that shares another one's permission has it no more.
    ///
    /// - Parameter trusts: the user's word, by root.
    static func objection(toWorktree project: Project, trusts: [Path: Trust]) -> Diagnostic? {
        guard let main = project.worktreeOf else { return nil }
        if trusts[main] != .allowed {
            return Diagnostic(
                "could not trust the project: its permission was that of `\(main)`, which is allowed no more",
                hint: "look at it, then `envd allow \(project.root.shellWord)`")
        }
        if GitWorktree(around: project.root)?.counterpart(of: project.root) == main { return nil }
        return Diagnostic(
            "could not trust the project: it is no working tree of the repository of `\(main)` any more",
            hint: "look at it, then `envd allow \(project.root.shellWord)`")
    }

    /// Why a workspace may not be resolved, which may run the build backend of every member: it is allowed as a whole,
    /// by its root, and none of its members is denied.
    ///
    /// - Parameters:
    ///   - workspace: as a reading has it.
    ///   - trusts: the user's word, by root.
    static func objection(
        to project: Project, in workspace: [Path], trusts: [Path: Trust]
    ) -> Diagnostic? {
        if let whole = workspace.first, project.root.isWithin(whole), trusts[whole] != .allowed {
            return Diagnostic(
                "could not trust the project: it is a member of the workspace `\(whole)`, which is not allowed",
                hint: "all members count, and their code may run: envd allow \(whole.shellWord)")
        }
        guard let denied = workspace.first(where: { trusts[$0] == .denied }) else { return nil }
        return Diagnostic(
            "could not trust the project: `\(denied)`, a member of its workspace, is denied",
            hint: "take it out of the workspace, or: envd allow \(denied.shellWord)")
    }
}

internal import EnvdCore
internal import EnvdLoop
internal import EnvdManifest
internal import EnvdSystem

/// What a reading of the manifests is held against.
extension ProjectSupervisor {
    /// Why a member of uv's workspace may not be built, by the user's word on the others.
    func workspaceObjection(_ reading: ManifestReading) -> Diagnostic? {
        guard !reading.workspace.isEmpty else { return nil }
        return ProjectTrust.objection(to: project, in: reading.workspace, trusts: context.trusts())
    }

    /// The user's word on another project changed: it may be one of this one's workspace.
    func trustChanged(of root: Path) {
        guard reading?.workspace.contains(root) == true || project.worktreeOf == root else { return }
        check(reason: "the permission of `\(root)` changed")
    }

    /// `pyproject.toml changed`: for people, why there is a build.
    static func changes(from old: [InputFile], to new: [InputFile], root: Path) -> String {
        let names = Set(new).symmetricDifference(old).map { ($0.path.relative(to: root) ?? $0.path).description }
        let first = Set(names).sorted().prefix(3)
        return first.isEmpty ? "the manifests were read again" : "\(first.joined(separator: ", ")) changed"
    }
}

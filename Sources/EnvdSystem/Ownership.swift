package import EnvdCore

/// Who can change what a project says: only what its user, root or the user's private group can write is trusted
/// without a word.
package enum Ownership {
    /// Why a file or directory may not be trusted as it is; nil where it may, or is not there.
    package static func objection(to path: Path) -> String? {
        guard let status = try? FileSystem.status(path) else { return nil }
        if status.owner != CurrentUser.id, status.owner != 0 {
            return "`\(path)` belongs to another user (id \(status.owner))"
        }
        // In a sticky directory nobody replaces what is another's (chmod(2)).
        let isSticky = status.kind == .directory && status.mode & 0o1000 != 0
        if status.mode & 0o002 != 0, !isSticky { return "everybody can write `\(path)`" }
        if status.mode & 0o020 != 0, status.group != 0, !CurrentUser.isPrivateGroup(status.group) {
            return "the group \(status.group) can write `\(path)`"
        }
        return nil
    }
}

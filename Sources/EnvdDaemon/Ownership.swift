internal import EnvdCore
internal import EnvdSystem
internal import Glibc

/// Who can change what a project says: only what its user, root or the user's private group can write is trusted
/// without a word.
enum Ownership {
    /// Why a file or directory may not be trusted as it is; nil where it may, or is not there.
    static func objection(to path: Path) -> String? {
        guard let status = try? FileSystem.status(path) else { return nil }
        if status.owner != CurrentUser.id, status.owner != 0 {
            return "`\(path)` belongs to another user (id \(status.owner))"
        }
        // In a sticky directory nobody replaces what is another's (chmod(2)).
        let isSticky = status.kind == .directory && status.mode & 0o1000 != 0
        if status.mode & 0o002 != 0, !isSticky { return "everybody can write `\(path)`" }
        if status.mode & 0o020 != 0, status.group != 0, !isPrivateGroup(status.group) {
            return "the group \(status.group) can write `\(path)`"
        }
        return nil
    }

    /// Whether every member of a group is this user: the group that Debian gives each user alone.
    ///
    /// Only `/etc/group`'s own list and the user's primary group are asked (getgrgid(3), getpwuid(3)).
    private static func isPrivateGroup(_ group: UInt32) -> Bool {
        guard let user = getpwuid(getuid()), user.pointee.pw_gid == group else { return false }
        let name = String(cString: user.pointee.pw_name)
        guard let entry = getgrgid(group), String(cString: entry.pointee.gr_name) == name else { return false }
        var member = entry.pointee.gr_mem
        while let next = member?.pointee {
            if String(cString: next) != name { return false }
            member = member?.advanced(by: 1)
        }
        return true
    }
}

internal import Glibc

/// Who runs this process.
package enum CurrentUser {
    /// The real user id.
    package static var id: UInt32 { getuid() }

    /// This process's id.
    package static var processID: Int32 { getpid() }

    /// Whether every member of a group is this user: the group that Debian gives each user alone.
    ///
    /// Only `/etc/group`'s own list and the user's primary group are asked (getgrgid(3), getpwuid(3)).
    package static func isPrivateGroup(_ group: UInt32) -> Bool {
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

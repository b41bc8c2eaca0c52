/// Which directory a project's path named when its user allowed it, so that another one put in its
/// place is not taken for it.
package struct DirectoryIdentity: Hashable, Sendable, Codable {
    package var device: UInt64
    package var inode: UInt64
    /// The owner's user id.
    package var owner: UInt32

    package init(device: UInt64, inode: UInt64, owner: UInt32) {
        self.device = device
        self.inode = inode
        self.owner = owner
    }
}

/// The user's word, per project, that code of the project may run.
package enum Trust: String, Hashable, Sendable, Codable {
    case allowed
    case denied
}

/// A project that its user has spoken about.
package struct Project: Hashable, Sendable, Codable {
    package var id: ProjectID
    /// Canonical: no symbolic link, `.` or `..` in it.
    package var root: Path
    package var identity: DirectoryIdentity
    package var trust: Trust
    /// Whether its user accepts that others can write there.
    package var isShared: Bool
    /// What its user allowed; nil where an older version put the project down, or it was never allowed.
    package var grant: TrustGrant?
    /// What its user chose for this project alone; nil where config.toml decides.
    package var mode: TrustMode?
    /// The allowed project that this one is the same of, in a working tree of the same repository; nil where its user
    /// allowed this one by itself.
    package var worktreeOf: Path?

    package init(
        id: ProjectID, root: Path, identity: DirectoryIdentity, trust: Trust, isShared: Bool = false,
        grant: TrustGrant? = nil, mode: TrustMode? = nil, worktreeOf: Path? = nil
    ) {
        self.id = id
        self.root = root
        self.identity = identity
        self.trust = trust
        self.isShared = isShared
        self.grant = grant
        self.mode = mode
        self.worktreeOf = worktreeOf
    }
}

/// A file that a reading of the manifests looked at, there or not: what has to be watched.
package struct InputFile: Hashable, Sendable, Codable {
    /// Absolute.
    package var path: Path
    /// Of its bytes; nil where there was no such file or it could not be read.
    package var content: Fingerprint?

    package init(path: Path, content: Fingerprint?) {
        self.path = path
        self.content = content
    }
}

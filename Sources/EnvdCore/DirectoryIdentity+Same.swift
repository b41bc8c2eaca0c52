extension DirectoryIdentity {
    /// Whether this, seen now, is the directory that was seen before as `other`.
    ///
    /// Where the file system is on no device of its own (NFS, btrfs, overlay …), the kernel numbers it anew each time that
    /// it is mounted, so that the number says nothing after the next boot: major 0 of the kernel's
    /// Documentation/admin-guide/devices.txt.
    package func isSame(as other: DirectoryIdentity) -> Bool {
        if inode != other.inode || owner != other.owner { return false }
        return device == other.device || isUnnamed && other.isUnnamed
    }

    private var isUnnamed: Bool { device >> 8 & 0xfff == 0 && device >> 32 & 0xffff_f000 == 0 }
}

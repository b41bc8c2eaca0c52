internal import CPosixShims
package import EnvdCore

/// What kind of file system a path lies on, as far as locks, events and other hosts go.
package struct FileSystemKind: Hashable, Sendable {
    /// As the mount table has it: `ext4`, `nfs4`, `fuse.sshfs`.
    package var name: String
    /// Whether other hosts may see the same files: then locks and SQLite's shared memory are not safe on it, and inotify
    /// tells only of what this host does.
    package var isShared: Bool

    /// Of the nearest directory that is there (statfs(2)); nil where the kernel does not say.
    package static func of(_ path: Path) -> FileSystemKind? {
        var magic: UInt32 = 0
        for place in path.selfAndAncestors
        where FileSystem.withCPath(place, { shim_file_system_magic($0, &magic) }) == 0 {
            return kind(magic: magic, at: place)
        }
        return nil
    }

    /// Those of linux/magic.h and of the file systems' own sources that other hosts share.
    private static let shared: [UInt32: String] = [
        0x6969: "nfs", 0x517B: "smb", 0xFF53_4D42: "cifs", 0xFE53_4D42: "smb3", 0x5346_414F: "afs",
        0x6B41_4653: "afs", 0x0102_1997: "9p", 0x7375_7245: "coda", 0x564C: "ncpfs", 0x00C3_6400: "ceph",
        0x0BD0_0BD0: "lustre", 0x4750_4653: "gpfs", 0x0116_1970: "gfs2", 0x7461_636F: "ocfs2",
        0xAAD7_AAEA: "panfs", 0x1983_0326: "beegfs", 0x2003_0528: "orangefs",
    ]
    private static let fuse: UInt32 = 0x6573_5546
    /// Of FUSE, what keeps its files on a disk of this host: what encrypts a home would lose that elsewhere.
    private static let local: Set<String> = [
        "fuseblk", "fuse.gocryptfs", "fuse.encfs", "fuse.cryfs", "fuse.securefs", "fuse.mergerfs", "fuse.unionfs",
        "fuse.fuse-overlayfs", "fuse.ntfs-3g", "fuse.exfat", "fuse.squashfuse",
    ]

    private static func kind(magic: UInt32, at place: Path) -> FileSystemKind {
        if let name = shared[magic] { return FileSystemKind(name: name, isShared: true) }
        guard magic == fuse else { return FileSystemKind(name: "local", isShared: false) }
        let name = mounted(at: place) ?? "fuse"
        return FileSystemKind(name: name, isShared: !local.contains(name))
    }

    /// What proc_pid_mountinfo(5) calls the file system that a path is on.
    private static func mounted(at place: Path) -> String? {
        guard let device = (try? FileSystem.status(place))??.device,
            let table = try? FileSystem.read("/proc/self/mountinfo")
        else { return nil }
        let number = "\(device >> 8 & 0xfff):\(device & 0xff | device >> 12 & 0xfff00)"
        for line in table.split(separator: UInt8(ascii: "\n")) {
            let words = String(decoding: line, as: UTF8.self).split(separator: " ")
            guard words.count > 2, words[2] == number, let dash = words.firstIndex(of: "-"), dash + 1 < words.count
            else { continue }
            return String(words[dash + 1])
        }
        return nil
    }
}

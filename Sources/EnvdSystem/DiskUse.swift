package import EnvdCore
internal import Glibc

/// What trees on disk take up by themselves, as du(1) counts: blocks, and a file with several names once.
///
/// A file that has a name outside of what was counted (an engine's cache, another generation) takes nothing here: it
/// stays when these trees go. Trees that are counted one after the other by the same value are taken to go in that
/// order: a file that they share among themselves alone counts for the last.
package struct DiskUse {
    private struct Identity: Hashable {
        var device: UInt64
        var inode: UInt64
    }

    /// Names that were not seen yet, of files that have several.
    private var missing: [Identity: UInt64] = [:]

    package init() {}

    /// The bytes that are free when this tree is gone, too; what cannot be looked at counts nothing.
    package mutating func add(_ path: Path) -> ByteSize {
        var raw = stat()
        guard FileSystem.withCPath(path, { lstat($0, &raw) }) == 0 else { return .zero }
        var bytes = count(raw)
        if raw.st_mode & S_IFMT == S_IFDIR { bytes += contents(of: path, depth: 0) }
        return ByteSize(bytes: bytes)
    }

    /// One tree alone.
    package static func of(_ path: Path) -> ByteSize {
        var use = DiskUse()
        return use.add(path)
    }

    private mutating func contents(of directory: Path, depth: Int) -> Int64 {
        // Deeper ones cannot be named anyway (PATH_MAX).
        guard depth < 2048, let stream = FileSystem.withCPath(directory, { opendir($0) }) else { return 0 }
        defer { closedir(stream) }
        let descriptor = dirfd(stream)
        var bytes: Int64 = 0
        while let entry = readdir(stream) {
            var raw = stat()
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { start -> [UInt8]? in
                    guard fstatat(descriptor, start, &raw, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
                    return UnsafeBufferPointer(start: start, count: strlen(start)).map { UInt8(bitPattern: $0) }
                }
            }
            guard let name, name != [0x2e], name != [0x2e, 0x2e] else { continue }
            bytes += count(raw)
            if raw.st_mode & S_IFMT == S_IFDIR {
                bytes += contents(of: directory.appending(Path(ByteString(name))), depth: depth + 1)
            }
        }
        return bytes
    }

    private mutating func count(_ raw: stat) -> Int64 {
        // A block is 512 bytes here, whatever the file system's own are (stat(3type)).
        let bytes = Int64(raw.st_blocks) * 512
        // A directory's links are its own names and those of its subdirectories.
        if raw.st_nlink <= 1 || raw.st_mode & S_IFMT == S_IFDIR { return bytes }
        let identity = Identity(device: UInt64(raw.st_dev), inode: UInt64(raw.st_ino))
        let left = (missing[identity] ?? UInt64(raw.st_nlink)) - 1
        missing[identity] = left == 0 ? nil : left
        return left == 0 ? bytes : 0
    }
}

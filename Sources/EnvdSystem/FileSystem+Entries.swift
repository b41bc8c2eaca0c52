package import EnvdCore
internal import Glibc

/// For walks over whole prefixes, where a stat(2) an entry would be felt.
extension FileSystem {
    /// A name in a directory, and whether it is a directory itself (a link to one is none).
    package struct Entry: Hashable, Sendable {
        package var name: ByteString
        package var isDirectory: Bool
    }

    /// The entries of a directory without `.` and `..`, in no order; what readdir(3) says of their kind
    /// saves a stat(2) on every file system that says it.
    package static func entries(_ path: Path) throws(SystemError) -> [Entry] {
        guard let stream = withCPath(path, { opendir($0) }) else { throw SystemError("list", path) }
        defer { closedir(stream) }
        var entries: [Entry] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: UInt8.self, capacity: 256) { start in
                    ByteString(
                        UnsafeBufferPointer(
                            start: start, count: strlen(UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self))))
                }
            }
            if name == "." || name == ".." { continue }
            var isDirectory = Int(entry.pointee.d_type) == Int(DT_DIR)
            if Int(entry.pointee.d_type) == Int(DT_UNKNOWN) {
                isDirectory = try status(path.appending(Path(name)), followingLink: false)?.kind == .directory
            }
            entries.append(Entry(name: name, isDirectory: isDirectory))
        }
        return entries
    }
}

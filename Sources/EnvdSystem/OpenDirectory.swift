package import EnvdCore
internal import Glibc

/// A directory held open, for many calls on the names in it: the kernel walks its path once (openat(2)).
package final class OpenDirectory {
    private let descriptor: Int32
    private let path: Path

    package init(_ path: Path) throws(SystemError) {
        self.path = path
        descriptor = FileSystem.withCPath(path) { open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard descriptor >= 0 else { throw SystemError("open", path) }
    }

    deinit { close(descriptor) }

    /// A regular file's identity, size in bytes and modification time in whole seconds.
    package struct FileIdentity: Hashable, Sendable {
        package var device: UInt64
        package var inode: UInt64
        package var size: Int64
        package var modifiedSeconds: Int64
    }

    /// fstatat(2) on a name; nil for what is missing or no regular file, a link to one included.
    package func file(_ name: ByteString) -> FileIdentity? {
        var raw = stat()
        let result = withName(name) { fstatat(descriptor, $0, &raw, AT_SYMLINK_NOFOLLOW) }
        guard result == 0, raw.st_mode & S_IFMT == S_IFREG else { return nil }
        return FileIdentity(
            device: UInt64(raw.st_dev), inode: UInt64(raw.st_ino), size: Int64(raw.st_size),
            modifiedSeconds: Int64(raw.st_mtim.tv_sec))
    }

    /// The first bytes of a file, fewer where it is shorter; nil where it cannot be read.
    package func beginning(of name: ByteString, count: Int) -> [UInt8]? {
        let file = withName(name) { openat(descriptor, $0, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW) }
        guard file >= 0 else { return nil }
        defer { close(file) }
        var content = [UInt8](repeating: 0, count: count)
        let length = pread(file, &content, count, 0)
        return length < 0 ? nil : Array(content.prefix(length))
    }

    /// linkat(2): the same name in another directory; false where it could not be made.
    package func hardLink(_ name: ByteString, into other: OpenDirectory) -> Bool {
        withName(name) { linkat(descriptor, $0, other.descriptor, $0, 0) == 0 }
    }

    private func withName<Result>(_ name: ByteString, _ body: (UnsafePointer<CChar>) -> Result) -> Result {
        let bytes = name.bytes + [0]
        return bytes.withUnsafeBytes { buffer in
            // An array with its closing NUL always has a first element.
            body(buffer.assumingMemoryBound(to: CChar.self).baseAddress.unsafelyUnwrapped)
        }
    }
}

internal import CPosixShims
package import EnvdCore
internal import Glibc

/// Every file system call of the product, with errors as values. Nothing here follows a policy.
package enum FileSystem {
    /// What `stat(2)` says of a path, as far as anybody here asks.
    package struct Status: Hashable, Sendable {
        package enum Kind: Sendable { case file, directory, link, other }
        package var kind: Kind
        package var device: UInt64
        package var inode: UInt64
        package var owner: UInt32
        package var group: UInt32
        /// The permission bits, `0o7777`.
        package var mode: UInt32
        package var size: Int64
        /// Number of hard links.
        package var links: UInt64
        /// Last change of the content, nanoseconds since the epoch.
        package var modified: Int64

        package var directoryIdentity: DirectoryIdentity {
            DirectoryIdentity(device: device, inode: inode, owner: owner)
        }
    }

    /// `stat(2)`, or `lstat(2)` where `followingLink` is false; nil when there is nothing.
    package static func status(_ path: Path, followingLink: Bool = true) throws(SystemError) -> Status? {
        var raw = stat()
        let result = withCPath(path) { followingLink ? stat($0, &raw) : lstat($0, &raw) }
        if result != 0 {
            let error = SystemError("look at", path)
            if error.isAbsence { return nil }
            throw error
        }
        let kind: Status.Kind =
            switch raw.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .directory
            case S_IFLNK: .link
            default: .other
            }
        return Status(
            kind: kind, device: UInt64(raw.st_dev), inode: UInt64(raw.st_ino), owner: raw.st_uid, group: raw.st_gid,
            mode: raw.st_mode & 0o7777, size: Int64(raw.st_size), links: UInt64(raw.st_nlink),
            modified: Int64(raw.st_mtim.tv_sec) * 1_000_000_000 + Int64(raw.st_mtim.tv_nsec))
    }

    package static func exists(_ path: Path) -> Bool { withCPath(path) { access($0, F_OK) } == 0 }
    package static func isExecutable(_ path: Path) -> Bool {
        guard let status = try? status(path), status.kind == .file else { return false }
        return withCPath(path) { access($0, X_OK) } == 0
    }

    /// The path without links, `.` and `..` (realpath(3)); throws when it does not exist.
    package static func canonical(_ path: Path) throws(SystemError) -> Path {
        let resolved = withCPath(path) { realpath($0, nil) }
        guard let resolved else { throw SystemError("resolve", path) }
        defer { free(resolved) }
        return pathValue(resolved)
    }

    /// A regular file's whole content; never blocks on a FIFO or device, and refuses more than `limit` bytes
    /// (EFBIG) and what is no regular file (EINVAL).
    ///
    /// - Parameter prefix: how much of it is wanted; nil: all.
    package static func read(_ path: Path, limit: Int = 16 << 20, prefix: Int? = nil) throws(SystemError) -> [UInt8] {
        let descriptor = withCPath(path) { Glibc.open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY) }
        guard descriptor >= 0 else { throw SystemError("read", path) }
        defer { close(descriptor) }
        var raw = stat()
        guard fstat(descriptor, &raw) == 0 else { throw SystemError("read", path) }
        guard raw.st_mode & S_IFMT == S_IFREG else {
            throw SystemError("read", path, code: raw.st_mode & S_IFMT == S_IFDIR ? EISDIR : EINVAL)
        }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: prefix.map { min(max($0, 1), 65536) } ?? 65536)
        while true {
            if let prefix, content.count >= prefix { return Array(content.prefix(prefix)) }
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw SystemError("read", path)
            }
            if count == 0 { return content }
            content += chunk[..<count]
            if content.count > limit { throw SystemError("read", path, code: EFBIG) }
        }
    }

    /// A neighbour's name that nothing else has, for what takes a path's place by rename(2).
    private static func temporary(for path: Path) -> Path {
        path.parent.appending(Path(ByteString("\(temporaryPrefix)\(getpid())-\(UInt32.random(in: 0 ... .max))")))
    }

    private static let temporaryPrefix = ".envd-"

    /// Removes from a directory what `replace` and `replaceLink` left there when their process was killed.
    ///
    /// For whoever is the only one that replaces files there.
    package static func removeTemporaries(in directory: Path) {
        for name in (try? list(directory)) ?? [] where name.bytes.starts(with: temporaryPrefix.utf8) {
            _ = withCPath(directory.appending(Path(name))) { unlink($0) }
        }
    }

    /// Puts a file in place whole or not at all: a temporary neighbour, then rename(2).
    ///
    /// With `durable`, the bytes are on the disk before the name is (fsync(2) of file and directory).
    package static func replace(
        _ path: Path, with content: [UInt8], mode: UInt32 = 0o600, durable: Bool = false
    ) throws(SystemError) {
        let temporary = temporary(for: path)
        let descriptor = withCPath(temporary) {
            Glibc.open($0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        }
        guard descriptor >= 0 else { throw SystemError("write", path) }
        do throws(SystemError) {
            defer { close(descriptor) }
            try writeAll(descriptor, content, for: path)
            if durable, fsync(descriptor) != 0 { throw SystemError("sync", path) }
        } catch {
            _ = withCPath(temporary) { unlink($0) }
            throw error
        }
        do throws(SystemError) {
            try rename(temporary, to: path)
        } catch {
            _ = withCPath(temporary) { unlink($0) }
            throw error
        }
        if durable { try syncDirectory(path.parent) }
    }

    /// Adds to the end of a file, which is made where it is missing.
    package static func append(_ path: Path, _ content: [UInt8], mode: UInt32 = 0o600) throws(SystemError) {
        let descriptor = withCPath(path) { Glibc.open($0, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, mode) }
        guard descriptor >= 0 else { throw SystemError("write", path) }
        defer { close(descriptor) }
        try writeAll(descriptor, content, for: path)
    }

    private static func writeAll(_ descriptor: Int32, _ content: [UInt8], for path: Path) throws(SystemError) {
        var written = 0
        while written < content.count {
            let count = content[written...].withUnsafeBufferPointer { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw SystemError("write", path)
            }
            written += count
        }
    }

    package static func rename(_ old: Path, to new: Path) throws(SystemError) {
        let result = withCPath(old) { from in withCPath(new) { Glibc.rename(from, $0) } }
        if result != 0 { throw SystemError("rename", new) }
    }

    /// Makes `path` a symbolic link to `target` in one step, whatever link was there.
    package static func replaceLink(_ path: Path, to target: Path) throws(SystemError) {
        let temporary = temporary(for: path)
        let result = withCPath(target) { to in withCPath(temporary) { symlink(to, $0) } }
        guard result == 0 else { throw SystemError("link", path) }
        try rename(temporary, to: path)
    }

    /// Makes a symbolic link where nothing is.
    package static func makeLink(_ path: Path, to target: Path) throws(SystemError) {
        let result = withCPath(target) { to in withCPath(path) { symlink(to, $0) } }
        if result != 0 { throw SystemError("link", path) }
    }

    package static func linkTarget(_ path: Path) throws(SystemError) -> Path {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = withCPath(path) { readlink($0, &buffer, buffer.count - 1) }
        guard count >= 0 else { throw SystemError("read the link", path) }
        return Path(ByteString(buffer[..<count].map { UInt8(bitPattern: $0) }))
    }

    /// A second name for the same file (link(2)).
    package static func hardLink(_ existing: Path, as new: Path) throws(SystemError) {
        let result = withCPath(existing) { from in withCPath(new) { link(from, $0) } }
        if result != 0 { throw SystemError("link", new) }
    }

    /// A named pipe (mkfifo(3)).
    package static func makeFifo(_ path: Path, mode: UInt32 = 0o600) throws(SystemError) {
        if withCPath(path, { mkfifo($0, mode) }) != 0 { throw SystemError("make the pipe", path) }
    }

    /// The directory and every missing one above it; `mode` is for those that are made.
    package static func makeDirectories(_ path: Path, mode: UInt32 = 0o700) throws(SystemError) {
        if withCPath(path, { mkdir($0, mode) }) == 0 { return }
        let error = SystemError("make the directory", path)
        switch error.code {
        case EEXIST:
            guard let status = try status(path), status.kind == .directory else { throw error }
        case ENOENT where path != .root:
            try makeDirectories(path.parent, mode: mode)
            if withCPath(path, { mkdir($0, mode) }) != 0, errno != EEXIST {
                throw SystemError("make the directory", path)
            }
        default: throw error
        }
    }

    /// The names in a directory, without `.` and `..`, in byte order.
    package static func list(_ path: Path) throws(SystemError) -> [ByteString] {
        guard let stream = withCPath(path, { opendir($0) }) else { throw SystemError("list", path) }
        defer { closedir(stream) }
        var names: [ByteString] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { byteString($0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Removes a file, a link or a whole tree; what is not there is no error. Never follows a link out.
    package static func remove(_ path: Path) throws(SystemError) {
        guard let status = try status(path, followingLink: false) else { return }
        if status.kind == .directory {
            // A package may have left directories that their owner cannot write.
            if status.mode & 0o700 != 0o700 { _ = withCPath(path) { chmod($0, 0o700) } }
            for name in try list(path) { try remove(path.appending(Path(name))) }
            if withCPath(path, { rmdir($0) }) != 0, errno != ENOENT { throw SystemError("remove", path) }
        } else if withCPath(path, { unlink($0) }) != 0, errno != ENOENT {
            throw SystemError("remove", path)
        }
    }

    /// Removes a directory that has no entry; false where it has one, or cannot be removed.
    package static func removeEmptyDirectory(_ path: Path) -> Bool { withCPath(path) { rmdir($0) } == 0 }

    package static func setMode(_ path: Path, _ mode: UInt32) throws(SystemError) {
        if withCPath(path, { chmod($0, mode) }) != 0 { throw SystemError("change the mode of", path) }
    }

    /// Makes a directory's names durable.
    package static func syncDirectory(_ path: Path) throws(SystemError) {
        let descriptor = withCPath(path) { Glibc.open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard descriptor >= 0 else { throw SystemError("sync", path) }
        defer { close(descriptor) }
        if fsync(descriptor) != 0 { throw SystemError("sync", path) }
    }

    /// Makes everything on the file system of `path` durable (syncfs(2)): one call for a whole prefix.
    package static func syncFileSystem(of path: Path) throws(SystemError) {
        let descriptor = withCPath(path) { Glibc.open($0, O_RDONLY | O_CLOEXEC) }
        guard descriptor >= 0 else { throw SystemError("sync", path) }
        defer { close(descriptor) }
        if shim_syncfs(descriptor) != 0 { throw SystemError("sync", path) }
    }

    /// open(2) with mode 0600, for calls that live in their own files; -1 and errno as the call has them.
    static func open(_ path: Path, _ flags: Int32) -> Int32 { withCPath(path) { Glibc.open($0, flags, 0o600) } }

    /// Runs `body` with the path as C wants it.
    package static func withCPath<Result>(_ path: Path, _ body: (UnsafePointer<CChar>) -> Result) -> Result {
        let characters = path.bytes.bytes + [0]
        return characters.withUnsafeBufferPointer { buffer in
            // An array with its closing NUL always has a first element.
            buffer.baseAddress.unsafelyUnwrapped.withMemoryRebound(to: CChar.self, capacity: buffer.count, body)
        }
    }

    private static func byteString(_ start: UnsafePointer<CChar>) -> ByteString {
        ByteString(UnsafeBufferPointer(start: start, count: strlen(start)).map { UInt8(bitPattern: $0) })
    }

    private static func pathValue(_ start: UnsafePointer<CChar>) -> Path { Path(byteString(start)) }
}

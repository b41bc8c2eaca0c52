package import EnvdCore
internal import Glibc

/// A regular file held open, for reads of a few bytes here and there in files of any size.
package final class RandomAccessFile {
    /// In bytes, as it was when the file was opened.
    package let size: Int

    private let descriptor: Int32

    /// Never blocks on a FIFO or device: what is no regular file is refused (EINVAL).
    package init(_ path: Path) throws(SystemError) {
        descriptor = FileSystem.open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { throw SystemError("read", path) }
        var raw = stat()
        let isKnown = fstat(descriptor, &raw) == 0
        guard isKnown, raw.st_mode & S_IFMT == S_IFREG else {
            let error = isKnown ? SystemError("read", path, code: EINVAL) : SystemError("read", path)
            close(descriptor)
            throw error
        }
        size = Int(raw.st_size)
    }

    deinit { close(descriptor) }

    /// pread(2): fewer bytes at the file's end, none where it cannot be read or `offset` is no place in a file.
    package func read(at offset: Int, count: Int) -> [UInt8] {
        guard offset >= 0, count > 0, offset < size else { return [] }
        let wanted = min(count, size - offset)
        return [UInt8](unsafeUninitializedCapacity: wanted) { buffer, length in
            while length < wanted {
                let count = pread(
                    descriptor, buffer.baseAddress?.advanced(by: length), wanted - length, off_t(offset + length))
                if count < 0, errno == EINTR { continue }
                if count <= 0 { return }
                length += count
            }
        }
    }
}

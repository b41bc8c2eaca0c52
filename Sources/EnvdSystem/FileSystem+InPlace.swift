package import EnvdCore
internal import Glibc

extension FileSystem {
    /// Replaces what follows `offset` in a file that stays itself: its links, mode, owner and attributes do.
    ///
    /// Bytes are written before any are cut off, so that whoever is interrupted finds some of them twice, and none
    /// missing, as long as `tail` is what follows somewhere behind `offset`. Links are followed.
    package static func replaceTail(_ path: Path, from offset: Int, with tail: [UInt8]) throws(SystemError) {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { throw SystemError("write", path) }
        defer { close(descriptor) }
        var written = 0
        while written < tail.count {
            let count = tail[written...].withUnsafeBufferPointer {
                pwrite(descriptor, $0.baseAddress, $0.count, off_t(offset + written))
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw SystemError("write", path)
            }
            written += count
        }
        if ftruncate(descriptor, off_t(offset + tail.count)) != 0 { throw SystemError("write", path) }
    }
}

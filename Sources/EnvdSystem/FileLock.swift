package import EnvdCore
internal import Glibc

/// An exclusive flock(2) on a file, held until the value goes or its process ends, however it ends.
package final class FileLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock; nil where another process has it and `waiting` is false.
    package init?(_ path: Path, waiting: Bool) throws(SystemError) {
        let descriptor = FileSystem.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw SystemError("lock", path) }
        while flock(descriptor, LOCK_EX | (waiting ? 0 : LOCK_NB)) != 0 {
            if errno == EINTR { continue }
            let error = SystemError("lock", path)
            close(descriptor)
            if error.code == EWOULDBLOCK { return nil }
            throw error
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }
}

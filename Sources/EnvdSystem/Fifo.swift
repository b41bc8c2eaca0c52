package import EnvdCore
internal import Glibc

/// A FIFO (fifo(7)) by which one process wakes all that have it open for reading, without a word: who waits for it sees
/// the end of a writer.
package enum Fifo {
    /// Makes it for this user alone where it is not there.
    ///
    /// - Throws: where it cannot be made, or something else has its name.
    package static func make(_ path: Path) throws(SystemError) {
        guard FileSystem.withCPath(path, { mkfifo($0, 0o600) }) != 0 else { return }
        let failure = SystemError("make", path)
        var status = stat()
        guard failure.code == EEXIST, FileSystem.withCPath(path, { lstat($0, &status) }) == 0,
            status.st_mode & S_IFMT == S_IFIFO
        else { throw failure }
    }

    /// Wakes those that wait; nothing where nobody does.
    package static func wake(_ path: Path) {
        // Without a reader this fails at once (open(2), ENXIO), and with one it blocks for nobody.
        let descriptor = FileSystem.withCPath(path) { open($0, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW) }
        if descriptor >= 0 { close(descriptor) }
    }
}

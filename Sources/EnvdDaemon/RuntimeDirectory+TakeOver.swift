internal import EnvdCore
internal import EnvdLoop
internal import EnvdProtocol
internal import EnvdSystem
internal import Glibc

extension RuntimeDirectory {
    /// The daemon's lock for one of the service manager's: whoever holds it, a daemon that a client started before the
    /// units were there, is asked to stop, and ended where it does not heed that.
    ///
    /// - Returns: nil where it could not be had all the same.
    @LoopActor func takeOverFromHolder() async throws -> FileLock? {
        let (patience, deadline) = (Deadline.after(milliseconds: 20_000), Deadline.after(milliseconds: 40_000))
        var asked: Int32?
        while true {
            if let lock = try FileLock(lock, waiting: false) { return lock }
            if let holder = daemonHolder {
                if holder != asked { kill(holder, SIGTERM) }
                if patience.hasPassed { kill(holder, SIGKILL) }
                asked = holder
            }
            if deadline.hasPassed { return nil }
            await LoopTimer.sleep(for: .milliseconds(20))
        }
    }
}

package import EnvdCore
package import EnvdSystem
internal import Glibc

extension RuntimeDirectory {
    /// Here while the user wants no daemon: `envd service stop` makes it, and no client starts a daemon then. A logout
    /// takes it away with the directory.
    package var stopMark: Path { path / "stopped" }

    /// Whether `envd service stop` was the last word.
    package var isStopped: Bool { FileSystem.exists(stopMark) }

    /// The daemon that holds the lock, by proc_locks(5); nil where there is none, or a client holds it for a moment.
    package var daemonHolder: Int32? {
        guard let holder = FileLock.holder(of: lock), holder != CurrentUser.processID, Self.isDaemon(holder) else {
            return nil
        }
        return holder
    }

    /// By its command line, which a process that has ended does not have.
    private static func isDaemon(_ process: Int32) -> Bool {
        guard let line = try? FileSystem.read(Path("/proc/\(process)/cmdline")) else { return false }
        let words = line.split(separator: 0, omittingEmptySubsequences: false)
        return words.count > 1 && words[1].elementsEqual("daemon".utf8)
    }

    /// Whether the daemon that last told the shells something lives; while it does not, one that was asked for is
    /// still on its way.
    package var isTelling: Bool {
        // As `AnswerTree.state` has it: the version of the protocol, the process, a serial number.
        guard let line = try? FileSystem.read(path / "state", limit: 4096) else { return false }
        let words = line.split(separator: UInt8(ascii: " "))
        guard words.count > 1, let process = Int32(String(decoding: words[1], as: UTF8.self)), process > 0 else {
            return false
        }
        return kill(process, 0) == 0
    }

    /// Has the daemon end, if there is one, and waits for that.
    ///
    /// - Returns: whether there is none any more.
    package func endDaemon(until deadline: Deadline) -> Bool {
        var asked: Int32?
        while true {
            do {
                // It gives the lock up shortly before its end.
                if try FileLock(lock, waiting: false) != nil, asked.map(Self.isDaemon) != true { return true }
            } catch {
                // No directory, no daemon.
                return error.isAbsence
            }
            if let holder = daemonHolder, holder != asked {
                kill(holder, SIGTERM)
                asked = holder
            }
            if deadline.hasPassed { return false }
            usleep(20_000)
        }
    }
}

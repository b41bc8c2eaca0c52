package import EnvdCore
internal import EnvdSystem
internal import Glibc

/// Waits for what other processes do to files, by inotify(7): no polling, no sleeping.
package enum FileEvents {
    package struct Late: Error, CustomStringConvertible {
        package let description: String
    }

    /// Returns as soon as `condition` holds; it is asked at first and after each event in `directory`.
    ///
    /// - Throws: `Late` when it does not hold after `seconds`.
    package static func wait(
        in directory: Path, for what: String, within seconds: Int64 = 120, until condition: () -> Bool
    ) throws {
        let deadline = Deadline.after(milliseconds: seconds * 1000)
        let events = try Inotify()
        _ = try events.watch(directory)
        while !condition() {
            var entry = pollfd(fd: events.descriptor, events: Int16(POLLIN), revents: 0)
            let ready = poll(&entry, 1, deadline.remainingMilliseconds)
            if ready < 0, errno != EINTR { throw SystemError("wait for files") }
            if ready == 0 { throw Late(description: "no \(what) in `\(directory)` within \(seconds) s") }
            _ = events.read()
        }
    }
}

package import EnvdCore
internal import Glibc

/// An inotify(7) descriptor of our own: it tells of lost events, which libuv's watcher keeps to itself.
package final class Inotify {
    package enum Event: Hashable, Sendable {
        /// Something happened to the entry `name` of a watched directory.
        case entry(watch: Int32, name: ByteString)
        /// The watched directory itself was removed, moved or unmounted, or the kernel dropped the watch.
        case directoryGone(watch: Int32)
        /// The kernel's queue overflowed: anything may have changed.
        case overflow
    }

    /// Non-blocking, close-on-exec; readable when events wait.
    package let descriptor: Int32

    package init() throws(SystemError) {
        descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        guard descriptor >= 0 else { throw SystemError("watch files") }
    }

    deinit { close(descriptor) }

    /// Watches a directory; the same directory gives the same number, and is watched for all that was ever asked.
    ///
    /// - Parameter entries: whether for its entries, too; else only for its own end or move, which costs no wake-up.
    /// - Throws: ENOSPC where `fs.inotify.max_user_watches` is used up.
    package func watch(_ directory: Path, entries: Bool = true) throws(SystemError) -> Int32 {
        let own = [Int(IN_DELETE_SELF), Int(IN_MOVE_SELF), Int(IN_ONLYDIR), Int(IN_MASK_ADD)]
        let ofEntries = [
            IN_CLOSE_WRITE, IN_MOVED_TO, IN_MOVED_FROM, IN_CREATE, IN_DELETE, IN_ATTRIB,
        ].map { Int($0) }
        let mask = (own + (entries ? ofEntries : [])).reduce(0) { $0 | UInt32(truncatingIfNeeded: $1) }
        let watch = FileSystem.withCPath(directory) { inotify_add_watch(descriptor, $0, mask) }
        guard watch >= 0 else { throw SystemError("watch", directory) }
        return watch
    }

    package func unwatch(_ watch: Int32) { _ = inotify_rm_watch(descriptor, watch) }

    /// All events that wait; empty when none does.
    package func read() -> [Event] {
        var events: [Event] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count <= 0 {
                if count < 0, errno == EINTR { continue }
                return events
            }
            buffer.withUnsafeBytes { raw in
                var offset = 0
                while offset + MemoryLayout<inotify_event>.size <= count {
                    let header = raw.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
                    let start = offset + MemoryLayout<inotify_event>.size
                    let name = ByteString(raw[start..<(start + Int(header.len))].prefix { $0 != 0 })
                    if let event = Self.event(header, name) { events.append(event) }
                    offset = start + Int(header.len)
                }
            }
        }
    }

    private static func event(_ header: inotify_event, _ name: ByteString) -> Event? {
        func has(_ flags: Int...) -> Bool { flags.contains { header.mask & UInt32(truncatingIfNeeded: $0) != 0 } }
        if has(Int(IN_Q_OVERFLOW)) { return .overflow }
        if has(Int(IN_IGNORED), Int(IN_UNMOUNT), Int(IN_DELETE_SELF), Int(IN_MOVE_SELF)) {
            return .directoryGone(watch: header.wd)
        }
        return name.isEmpty ? nil : .entry(watch: header.wd, name: name)
    }
}

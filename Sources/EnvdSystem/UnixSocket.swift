internal import CPosixShims
package import EnvdCore
internal import Glibc

/// Unix stream sockets, as far as a client with a deadline and a listening daemon need them.
package enum UnixSocket {
    /// A socket's name in the file system holds at most this many bytes (unix(7)).
    package static let longestPath = 107

    /// A listening socket at `path` (0600, SOMAXCONN), close-on-exec and non-blocking; the caller owns the descriptor.
    ///
    /// What lies at the path is removed: the caller holds the lock that makes it stale.
    package static func listen(at path: Path) throws(SystemError) -> Int32 {
        let descriptor = try make(path)
        var done = false
        defer { if !done { close(descriptor) } }
        _ = FileSystem.withCPath(path) { unlink($0) }
        guard withAddress(path, { bind(descriptor, $0, $1) }) == 0,
            FileSystem.withCPath(path, { chmod($0, 0o600) }) == 0,
            Glibc.listen(descriptor, SOMAXCONN) == 0
        else { throw SystemError("listen on", path) }
        done = true
        return descriptor
    }

    /// A connection to the socket at `path`, whose other end is this user's (SO_PEERCRED).
    ///
    /// - Throws: EAGAIN where the listener's backlog is full: a hung daemon holds nobody.
    package static func connect(to path: Path) throws(SystemError) -> Int32 {
        let descriptor = try make(path)
        var done = false
        defer { if !done { close(descriptor) } }
        guard withAddress(path, { Glibc.connect(descriptor, $0, $1) }) == 0 else {
            throw SystemError("connect to", path)
        }
        var user: UInt32 = 0
        var process: Int32 = 0
        guard shim_peer_credentials(descriptor, &user, &process) == 0 else { throw SystemError("connect to", path) }
        guard user == getuid() else { throw SystemError("connect to", path, code: EPERM) }
        done = true
        return descriptor
    }

    /// Sends all of `bytes` before the deadline.
    package static func send(_ bytes: [UInt8], to descriptor: Int32, until deadline: Deadline) throws(SystemError) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBufferPointer {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count >= 0 {
                sent += count
            } else if errno == EAGAIN {
                try wait(descriptor, for: Int16(POLLOUT), until: deadline)
            } else if errno != EINTR {
                throw SystemError("send")
            }
        }
    }

    /// What has arrived, at most 16 KiB; empty at the end of the stream. Throws ETIMEDOUT after the deadline.
    package static func receive(from descriptor: Int32, until deadline: Deadline) throws(SystemError) -> [UInt8] {
        while true {
            var (count, failure) = (0, Int32(0))
            let received = [UInt8](unsafeUninitializedCapacity: 16384) { buffer, length in
                count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
                failure = errno
                length = max(0, count)
            }
            if count >= 0 { return received }
            if failure == EAGAIN {
                try wait(descriptor, for: Int16(POLLIN), until: deadline)
            } else if failure != EINTR {
                throw SystemError("receive", code: failure)
            }
        }
    }

    package static func close(_ descriptor: Int32) { _ = Glibc.close(descriptor) }

    private static func wait(_ descriptor: Int32, for events: Int16, until deadline: Deadline) throws(SystemError) {
        var request = pollfd(fd: descriptor, events: events, revents: 0)
        let result = poll(&request, 1, deadline.remainingMilliseconds)
        if result == 0 { throw SystemError("wait for the daemon", code: ETIMEDOUT) }
        if result < 0, errno != EINTR { throw SystemError("wait for the daemon") }
    }

    private static func make(_ path: Path) throws(SystemError) -> Int32 {
        guard path.bytes.bytes.count <= longestPath else {
            throw SystemError("use the socket", path, code: ENAMETOOLONG)
        }
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { throw SystemError("use the socket", path) }
        return descriptor
    }

    private static func withAddress(
        _ path: Path, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.bytes.bytes.prefix(longestPath)) }
        return withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
    }
}

/// A moment on the monotonic clock until which a call may wait.
package struct Deadline: Sendable {
    /// Milliseconds of CLOCK_MONOTONIC; nil: never.
    private let moment: Int64?

    package static let never = Deadline(moment: nil)

    package static func after(milliseconds: Int64) -> Deadline { Deadline(moment: now + milliseconds) }

    /// For poll(2): -1 where there is no deadline.
    package var remainingMilliseconds: Int32 {
        guard let moment else { return -1 }
        return Int32(clamping: max(0, moment - Self.now))
    }

    package var hasPassed: Bool { moment.map { $0 <= Self.now } ?? false }

    private init(moment: Int64?) { self.moment = moment }

    private static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}

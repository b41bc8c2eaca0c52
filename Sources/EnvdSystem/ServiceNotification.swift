internal import CPosixShims
internal import EnvdCore
internal import Glibc

/// Words to the service manager that started this process: datagrams of `NAME=VALUE` lines (sd_notify(3)).
package struct ServiceNotification: Sendable {
    private let socket: ByteString
    /// Within which time the manager wants to hear of this process, again and again (sd_watchdog_enabled(3)); nil: it
    /// does not wait for that.
    package let watchdogTimeout: Duration?

    /// - Returns: nil where no manager waits for this very process's words.
    package static func ofThisProcess() -> ServiceNotification? {
        guard let socket = ProcessEnvironment.value("NOTIFY_SOCKET"), let first = socket.bytes.first,
            first == UInt8(ascii: "/") || first == UInt8(ascii: "@"), isMeant("SYSTEMD_EXEC_PID")
        else { return nil }
        let microseconds = ProcessEnvironment.value("WATCHDOG_USEC").flatMap { Int64($0.description) }
        return ServiceNotification(
            socket: socket,
            watchdogTimeout: isMeant("WATCHDOG_PID")
                ? microseconds.flatMap { $0 > 0 ? .microseconds($0) : nil } : nil)
    }

    /// Whether a variable names this process: children of a service may have inherited it (systemd.exec(5)).
    private static func isMeant(_ variable: String) -> Bool {
        ProcessEnvironment.value(variable).map { $0.description == "\(getpid())" } ?? true
    }

    /// Sends the lines in one datagram; a manager that does not take it is not waited for.
    ///
    /// - Parameter passing: a descriptor that goes with them; it stays the caller's.
    package func send(_ lines: [String], passing: Int32? = nil) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var name = socket.bytes
        // An abstract socket's name begins with a NUL (unix(7)).
        if name.first == UInt8(ascii: "@") { name[0] = 0 }
        guard name.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let kind = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = Glibc.socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + name.count)
        let bytes = Array(lines.joined(separator: "\n").utf8)
        withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                if let passing {
                    _ = shim_send_descriptor(descriptor, pointer, length, bytes, bytes.count, passing)
                    return
                }
                _ = sendto(
                    descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT), pointer, length)
            }
        }
    }

    /// `CLOCK_MONOTONIC` in microseconds, which goes with RELOADING.
    package static var monotonicMicroseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
}

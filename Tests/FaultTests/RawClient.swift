import EnvdCore
import EnvdProtocol
import EnvdSystem
import EnvdTestSupport
import Glibc
import Testing

/// A client of the daemon's sockets that need not behave.
final class RawClient {
    let descriptor: Int32

    /// Waits for its turn where the listener's backlog is full.
    init(_ socket: Path) throws {
        descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SystemError("make a socket") }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: socket.bytes.bytes) }
        let code = withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard code == 0 else {
            close(descriptor)
            throw SystemError("connect to", socket)
        }
    }

    deinit { close(descriptor) }

    /// - Returns: how much of it was taken before the other side closed the connection.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Int {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBufferPointer {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { break }
            sent += count
        }
        return sent
    }

    func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// All that comes until the other side closes the connection; nil where it does not for a long time.
    func receiveAll() -> [UInt8]? {
        var (received, chunk) = ([UInt8](), [UInt8](repeating: 0, count: 65536))
        while true {
            var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            if poll(&request, 1, 120_000) == 0 { return nil }
            let count = recv(descriptor, &chunk, chunk.count, 0)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return received }
            received += chunk[..<count]
        }
    }

    /// A question that `envd-hook` would ask in a directory.
    static func question(in directory: Path) -> [UInt8] {
        HookRequest(verb: .ask, shell: "bash", process: getpid(), directory: directory, environment: [:]).encoded
    }
}

extension Home {
    /// How many descriptors the daemon has open.
    func openDescriptors() throws -> Int {
        try FileSystem.list(Path("/proc/\(try #require(daemonProcess))/fd")).count
    }

    /// Waits, a command at a time, until the daemon has no more descriptors open than `wanted`.
    func expectDescriptors(atMost wanted: Int, at location: SourceLocation = #_sourceLocation) throws {
        let deadline = Deadline.after(milliseconds: 120_000)
        var open = try openDescriptors()
        while open > wanted, !deadline.hasPassed {
            try envd("status", "--all").expect(0)
            open = try openDescriptors()
        }
        #expect(open <= wanted, sourceLocation: location)
    }

    /// Lets this process have as many descriptors as it may.
    ///
    /// - Returns: how many.
    func raiseDescriptorLimit() throws -> Int {
        let hard = run("/bin/sh", ["-c", "ulimit -Hn"]).output.split(separator: "\n").first.flatMap { Int($0) }
        let wanted = min(hard ?? 1_000_000, 1_000_000)
        try run("/usr/bin/prlimit", ["--pid", "\(getpid())", "--nofile=\(wanted):"]).expect(0)
        return wanted
    }
}

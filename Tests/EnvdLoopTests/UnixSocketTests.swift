import EnvdCore
import EnvdLoop
import EnvdSystem
import EnvdTestSupport
import Glibc
import Testing

@Suite(.runningLoop) struct UnixSocketTests {
    private let directory: TemporaryDirectory
    private let name: Path

    init() throws {
        directory = try TemporaryDirectory("socket")
        name = directory.path / "s"
    }

    private func address() -> sockaddr_un {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name.bytes.bytes) }
        return address
    }

    private func socketDescriptor(_ use: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32) throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = address()
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                use(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(code == 0)
        return descriptor
    }

    private func listening() throws -> Int32 {
        let descriptor = try socketDescriptor { bind($0, $1, $2) }
        try #require(listen(descriptor, 16) == 0)
        return descriptor
    }

    @Test func whatIsSentComesBackAndThePeerIsKnown() async throws {
        let peers = Events<UnixConnection.Peer>()
        let ends = Events<UnixConnection.End>()
        let listener = try await UnixListener(descriptor: try listening()) { connection in
            peers.send(connection.peer)
            connection.start(
                onData: { connection.write($0) },
                onEnd: { end in
                    connection.write(Array(" and goodbye".utf8))
                    connection.shutdownAfterWrites()
                    ends.send(end)
                })
        }
        let client = try socketDescriptor { connect($0, $1, $2) }
        defer { close(client) }
        let peer = await peers.next()
        #expect(peer?.user == getuid())
        #expect(peer?.process == getpid())
        try #require(write(client, "hello", 5) == 5)
        shutdown(client, Int32(SHUT_WR))
        #expect(await ends.next() == .finished)
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 100)
        while case let count = read(client, &chunk, chunk.count), count > 0 { answer += chunk[..<count] }
        #expect(String(decoding: answer, as: UTF8.self) == "hello and goodbye")
        await listener.close()
    }

    @Test func aPeerThatNeverReadsIsDropped() async throws {
        let ends = Events<UnixConnection.End>()
        let listener = try await UnixListener(descriptor: try listening()) { connection in
            connection.start(onData: { _ in }, onEnd: { ends.send($0) })
            while !connection.isClosed { connection.write([UInt8](repeating: 0, count: 1 << 20)) }
        }
        let client = try socketDescriptor { connect($0, $1, $2) }
        defer { close(client) }
        #expect(await ends.next() == .dropped)
        await listener.close()
    }

    @Test func aPeerThatGoesAwayIsAnEndAndNotASignal() async throws {
        let ends = Events<UnixConnection.End>()
        let listener = try await UnixListener(descriptor: try listening()) { connection in
            connection.start(
                onData: { _ in },
                onEnd: { end in
                    ends.send(end)
                    // Nobody reads this any more.
                    connection.write([1, 2, 3])
                    connection.write([4, 5, 6])
                })
        }
        close(try socketDescriptor { connect($0, $1, $2) })
        #expect(await ends.next() == .finished)
        await listener.close()
    }

    @Test func aDescriptorThatIsNoSocketIsRefused() async throws {
        let descriptor = open("/dev/null", O_RDONLY)
        await #expect(throws: SystemError.self) { try await UnixListener(descriptor: descriptor) { _ in } }
    }
}

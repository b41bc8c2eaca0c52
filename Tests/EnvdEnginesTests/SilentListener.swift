import EnvdSystem
import Glibc

/// A port of the loopback device that takes connections and says nothing.
final class SilentListener: Sendable {
    let port: UInt16
    private let descriptor: Int32

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = descriptor
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 16) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard bound else { throw SystemError("listen") }
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(descriptor) }

    /// Waits until somebody has connected.
    func connected() async {
        let listener = descriptor
        await withCheckedContinuation { continuation in
            let box = Unmanaged.passRetained(Waiting(listener) { continuation.resume() })
            var thread = pthread_t()
            pthread_create(
                &thread, nil,
                { argument in
                    guard let argument else { return nil }
                    let waiting = Unmanaged<Waiting>.fromOpaque(argument).takeRetainedValue()
                    var descriptors = pollfd(fd: waiting.descriptor, events: Int16(POLLIN), revents: 0)
                    poll(&descriptors, 1, 60_000)
                    waiting.done()
                    return nil
                }, box.toOpaque())
            pthread_detach(thread)
        }
    }

    private final class Waiting: Sendable {
        let descriptor: Int32
        let done: @Sendable () -> Void
        init(_ descriptor: Int32, _ done: @escaping @Sendable () -> Void) {
            self.descriptor = descriptor
            self.done = done
        }
    }
}

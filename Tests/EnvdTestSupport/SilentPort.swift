internal import EnvdSystem
internal import Glibc

/// A port of the loopback device that takes connections and says nothing.
package final class SilentPort: Sendable {
    package let number: UInt16
    private let descriptor: Int32

    package init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
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
        number = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(descriptor) }

    /// Whether anybody has called until now.
    package var wasCalled: Bool {
        var descriptors = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&descriptors, 1, 0) > 0
    }

    /// Waits until somebody has connected.
    package func connected() async {
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

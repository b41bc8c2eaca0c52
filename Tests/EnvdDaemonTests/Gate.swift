import Synchronization

/// A door that opens once.
final class Gate: Sendable {
    private let stream = AsyncStream<Void>.makeStream()
    func open() { stream.continuation.finish() }
    func pass() async { for await _ in stream.stream {} }
}

/// What happened, in its order.
final class Record<Element: Sendable>: Sendable {
    private let added = Mutex<[Element]>([])
    var all: [Element] { added.withLock { $0 } }
    func add(_ element: Element) { added.withLock { $0.append(element) } }
}

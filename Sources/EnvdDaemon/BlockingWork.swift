internal import Dispatch

/// Work that waits for the disk, off the loop and off the cooperative threads.
enum BlockingWork {
    /// A project on a file system that hangs holds up its own work and, of its neighbours, only those that wait
    /// for the same lane.
    private static let lanes = (0..<4).map { DispatchQueue(label: "envd.blocking.\($0)", qos: .utility) }

    /// - Parameter lane: work with equal numbers runs in order, one after the other.
    static func run<Value: Sendable>(lane: Int, _ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            lanes[Int(UInt(bitPattern: lane) % UInt(lanes.count))].async { continuation.resume(returning: body()) }
        }
    }
}

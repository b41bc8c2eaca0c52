internal import EnvdSystem
internal import Glibc

/// Reads one end of a pipe of a child's.
final class PipeReader: StreamHandle {
    private var onBytes: (@LoopActor ([UInt8]) -> Void)?

    /// - Parameter descriptor: the reader's from here on, on failure too.
    init(_ descriptor: Int32, onBytes: @escaping @LoopActor ([UInt8]) -> Void) throws(SystemError) {
        self.onBytes = onBytes
        super.init()
        do throws(SystemError) {
            try take(descriptor)
        } catch {
            Glibc.close(descriptor)
            close()
            throw error
        }
        do throws(SystemError) {
            try startReading()
        } catch {
            close()
            throw error
        }
    }

    override func received(_ bytes: [UInt8]) { onBytes?(bytes) }
    override func readingEnded(_ code: Int32) { close() }
    override func willClose() { onBytes = nil }
}

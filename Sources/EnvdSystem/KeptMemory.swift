internal import CPosixShims
internal import EnvdCore
internal import Glibc

/// Bytes that outlive this process and are on no disk (memfd_create(2)): for the one that takes its place, by the
/// service manager's keeping or by becoming it.
package final class KeptMemory: Sendable {
    /// By which it is passed on (`FDNAME` of sd_notify(3)).
    package static let name = "variables"
    /// Length and checksum.
    private static let headerSize = 16
    private static let limit = 4 << 20

    /// Ours as long as this object lives, close-on-exec.
    package let descriptor: Int32
    /// Whether a process of before left it.
    package let isPassed: Bool

    /// - Parameter passed: one that this process was started with; nil: there is none, and a new one is made.
    package init(passed: Int32?) throws(SystemError) {
        isPassed = passed != nil
        descriptor = passed ?? shim_memory_file(Self.name)
        guard descriptor >= 0 else { throw SystemError("keep memory") }
    }

    deinit { close(descriptor) }

    /// Replaces what is kept; what is longer than 4 MiB is not kept.
    package func write(_ content: [UInt8]) {
        guard content.count <= Self.limit else { return }
        let bytes = Self.header(content) + content
        _ = pwrite(descriptor, bytes, bytes.count, 0)
        ftruncate(descriptor, off_t(bytes.count))
    }

    /// What is kept; nil where there is nothing, or its writer was killed in the middle of it.
    package func read() -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: Self.headerSize)
        guard pread(descriptor, &bytes, bytes.count, 0) == bytes.count else { return nil }
        let length = bytes[..<8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(Self.limit) else { return nil }
        var content = [UInt8](repeating: 0, count: Int(length))
        guard pread(descriptor, &content, content.count, off_t(Self.headerSize)) == content.count,
            Self.header(content) == bytes
        else { return nil }
        return content
    }

    private static func header(_ content: [UInt8]) -> [UInt8] {
        // FNV-1a: against a torn write, not against anybody.
        let sum = content.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return [UInt64(content.count), sum].flatMap { number in
            (0..<8).map { (byte: UInt64) in UInt8(truncatingIfNeeded: number >> (byte * 8)) }
        }
    }
}

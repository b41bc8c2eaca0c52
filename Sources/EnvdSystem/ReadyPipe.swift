internal import CPosixShims
internal import Glibc

/// A pipe on which a child says "ready" with one byte, or why it cannot be; its end without a word means that it died.
package struct ReadyPipe: Sendable {
    package let readEnd: Int32
    package let writeEnd: Int32

    package init() throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        guard shim_pipe2(&ends, O_CLOEXEC | O_NONBLOCK) == 0 else { throw SystemError("make a pipe") }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    /// What the other side said.
    package enum Word: Hashable, Sendable {
        case ready
        /// Why it cannot be, in its own words.
        case failed(String)
        /// It went away without a word, or the deadline passed.
        case none
    }

    /// Waits for the other side's word.
    package func wait(until deadline: Deadline) -> Word {
        var said: [UInt8] = []
        while true {
            var chunk = [UInt8](repeating: 0, count: 4096)
            let count = read(readEnd, &chunk, chunk.count)
            if count > 0 {
                said += chunk[..<count]
                if said.first == Self.readyByte { return .ready }
            } else if count == 0 {
                return said.isEmpty ? .none : .failed(String(decoding: said, as: UTF8.self))
            } else if errno == EAGAIN {
                var request = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
                if poll(&request, 1, deadline.remainingMilliseconds) == 0 { return .none }
            } else if errno != EINTR {
                return .none
            }
        }
    }

    private static let readyByte: UInt8 = 1

    /// Says "ready" on a descriptor that this process was started with, and closes it.
    package static func signal(on descriptor: Int32) {
        var byte = readyByte
        _ = write(descriptor, &byte, 1)
        close(descriptor)
    }

    /// Says why this process cannot be ready, and closes the descriptor.
    package static func signal(failure: String, on descriptor: Int32) {
        let bytes = Array(failure.utf8)
        _ = write(descriptor, bytes, bytes.count)
        close(descriptor)
    }

    package func closeReadEnd() { close(readEnd) }
    package func closeWriteEnd() { close(writeEnd) }
}

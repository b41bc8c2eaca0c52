internal import CPosixShims
internal import Glibc

/// A pipe on which a child says "ready" with one byte; the end of the stream without it means that it died.
package struct ReadyPipe: Sendable {
    package let readEnd: Int32
    package let writeEnd: Int32

    package init() throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        guard shim_pipe2(&ends, O_CLOEXEC | O_NONBLOCK) == 0 else { throw SystemError("make a pipe") }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    /// Waits for the byte; false when the other side went away or the deadline passed.
    package func wait(until deadline: Deadline) -> Bool {
        while true {
            var byte: UInt8 = 0
            let count = read(readEnd, &byte, 1)
            if count == 1 { return true }
            if count == 0 || (errno != EAGAIN && errno != EINTR) { return false }
            var request = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
            if poll(&request, 1, deadline.remainingMilliseconds) == 0 { return false }
        }
    }

    /// Says "ready" on a descriptor that this process was started with, and closes it.
    package static func signal(on descriptor: Int32) {
        var byte: UInt8 = 1
        _ = write(descriptor, &byte, 1)
        close(descriptor)
    }

    package func closeReadEnd() { close(readEnd) }
    package func closeWriteEnd() { close(writeEnd) }
}

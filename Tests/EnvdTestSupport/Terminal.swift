internal import CPosixShims
package import EnvdCore
internal import EnvdSystem
internal import Glibc

/// A program in a pseudo-terminal of its own, as a person would sit before it.
///
/// The child leads a new session whose controlling terminal is the slave (pty(7)), so job control, signals by key and
/// `isatty` are the real ones. Nothing here sleeps: every wait is poll(2) with a deadline.
package final class Terminal {
    /// What the program did not do in time, with all that it wrote: what a failing test needs to show.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// All that the program wrote so far.
    package private(set) var transcript: [UInt8] = []
    package let processIdentifier: Int32

    private let master: Int32
    /// How much of the transcript `expect` has gone past.
    private var position = 0
    private var reaped: Int32?

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - command: the program's absolute path and its arguments.
    ///   - environment: all of it, nothing is inherited.
    ///   - columns: wide, so that no shell wraps what a test looks for.
    package init(
        _ command: [String], environment: [ByteString: ByteString], workingDirectory: Path? = nil, rows: UInt16 = 50,
        columns: UInt16 = 1000
    ) throws {
        var slave = [CChar](repeating: 0, count: 64)
        master = shim_open_terminal(&slave, slave.count, rows, columns)
        guard master >= 0 else { throw SystemError("open a terminal") }
        var process: Int32 = 0
        let failure = Self.withCStrings(command.map { ByteString($0) }) { arguments in
            Self.withCStrings(environment.map { $0.key + "=" + $0.value }) { variables in
                guard let workingDirectory else {
                    return shim_spawn_in_terminal(&process, slave, nil, arguments, variables)
                }
                return FileSystem.withCPath(workingDirectory) {
                    shim_spawn_in_terminal(&process, slave, $0, arguments, variables)
                }
            }
        }
        guard failure == 0 else {
            close(master)
            throw SystemError("start", command.first.map { Path($0) }, code: failure)
        }
        processIdentifier = process
    }

    deinit {
        // Closing the master hangs the session up (SIGHUP); what ignores that is killed.
        if reaped == nil { kill(processIdentifier, SIGKILL) }
        close(master)
        if reaped == nil { waitpid(processIdentifier, nil, 0) }
    }

    /// Types `text`.
    package func send(_ text: String) throws { try send(Array(text.utf8)) }

    package func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBufferPointer { write(master, $0.baseAddress, $0.count) }
            guard count > 0 else { throw SystemError("type into the terminal") }
            rest = rest.dropFirst(count)
        }
    }

    /// Waits until the program has written `text` after what was expected before, and gives what stood before it.
    ///
    /// - Parameter within: seconds.
    /// - Throws: `Failure` with the transcript when the time is up or the program has closed its terminal.
    @discardableResult
    package func expect(_ text: String, within seconds: Double = 60) throws -> ByteString {
        let wanted = Array(text.utf8)
        let deadline = Self.now() + seconds
        var searched = position
        while true {
            if let found = find(wanted, from: searched) {
                defer { position = found + wanted.count }
                return ByteString(transcript[position..<found])
            }
            searched = max(position, transcript.count - wanted.count + 1)
            switch try receive(until: deadline) {
            case .more: continue
            case .closed: throw failure("the program ended before `\(text)`")
            case .late: throw failure("no `\(text)` within \(seconds) s")
            }
        }
    }

    /// Waits for the program's end and gives its exit status, or 128 and the signal.
    package func waitForExit(within seconds: Double = 60) throws -> Int32 {
        let deadline = Self.now() + seconds
        while true {
            switch try receive(until: deadline) {
            case .more: continue
            case .late: throw failure("still running after \(seconds) s")
            case .closed:
                var status: Int32 = 0
                guard waitpid(processIdentifier, &status, 0) == processIdentifier else {
                    throw SystemError("wait for the program")
                }
                let ending = status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
                reaped = ending
                return ending
            }
        }
    }

    /// The transcript from `mark` on, as text; `mark` is an earlier `transcript.count`.
    package func text(since mark: Int = 0) -> String { String(decoding: transcript[mark...], as: UTF8.self) }

    private enum Received { case more, late, closed }

    private func receive(until deadline: Double) throws -> Received {
        while true {
            let left = deadline - Self.now()
            guard left > 0 else { return .late }
            var entry = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
            let ready = poll(&entry, 1, Int32(left * 1000) + 1)
            if ready < 0, errno != EINTR { throw SystemError("wait for the terminal") }
            guard ready > 0 else { continue }
            var chunk = [UInt8](repeating: 0, count: 65536)
            let count = read(master, &chunk, chunk.count)
            if count > 0 {
                transcript += chunk[..<count]
                return .more
            }
            // EIO: the last process with the slave open is gone.
            if count == 0 || errno == EIO { return .closed }
            if errno != EINTR { throw SystemError("read from the terminal") }
        }
    }

    private func find(_ wanted: [UInt8], from start: Int) -> Int? {
        guard let first = wanted.first, transcript.count - wanted.count >= start else { return nil }
        return (start...transcript.count - wanted.count).first {
            transcript[$0] == first && transcript[$0...].starts(with: wanted)
        }
    }

    private func failure(_ what: String) -> Failure { Failure(description: "\(what); the terminal shows:\n\(text())") }

    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func withCStrings<Result>(
        _ strings: [ByteString], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        var copies: [UnsafeMutablePointer<CChar>?] = []
        for string in strings {
            let characters = string.bytes.map { CChar(bitPattern: $0) } + [0]
            copies.append(strdup(characters))
        }
        defer { copies.forEach { free($0) } }
        return body(copies + [nil])
    }
}

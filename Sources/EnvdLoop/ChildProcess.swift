package import EnvdCore
package import EnvdSystem
internal import Glibc

/// A process of ours with the ends of its pipes: a life line into it, its output, its errors and its report.
///
/// Its standard input is the life line: nothing is ever written into it, and `envd-child` ends everything when
/// it reads its end. What it is told to report goes to descriptor 3.
@LoopActor package final class ChildProcess {
    /// How a process ended and all that it left.
    package struct Outcome: Hashable, Sendable {
        /// What it passed to exit(3); 0 where a signal ended it.
        package var status: Int32
        /// The signal that ended it, or 0.
        package var signal: Int32
        package var output: [UInt8] = []
        /// The last 256 KiB.
        package var errors: [UInt8] = []
        /// What it wrote to descriptor 3.
        package var report: [UInt8] = []
        /// Whether it was ended for writing more than `outputLimit`.
        package var overflowed = false
    }

    /// The most bytes of output that are kept; a child that writes more is ended.
    package static let outputLimit = 64 << 20
    private static let errorsKept = 256 << 10
    private static let reportLimit = 4096

    private var process: ProcessHandle?
    private var readers: [PipeReader] = []
    private var lifeLine: Int32
    private var outcome = Outcome(status: 0, signal: 0)
    private var errors = LineSplitter(keeping: errorsKept)
    private let onLine: @Sendable (String) -> Void
    private var onEnd: (@LoopActor (Outcome) -> Void)?

    /// Starts a program in a session of its own; only these arguments, this environment and its pipes reach it.
    ///
    /// - Parameters:
    ///   - arguments: the program's absolute path first.
    ///   - onLine: each line of standard error as it comes; called on the loop.
    ///   - onEnd: called once, when the process has ended and its pipes have been read.
    package init(
        arguments: [ByteString], environment: [ByteString: ByteString], workingDirectory: Path,
        onLine: @escaping @Sendable (String) -> Void, onEnd: @escaping @LoopActor (Outcome) -> Void
    ) throws(SystemError) {
        self.onLine = onLine
        self.onEnd = onEnd
        let pipes = try ChildPipes()
        lifeLine = pipes.lifeLine.writing
        do throws(SystemError) {
            defer { pipes.closeTheirs() }
            process = try ProcessHandle(
                arguments: arguments, environment: environment, workingDirectory: workingDirectory,
                descriptors: [
                    pipes.lifeLine.reading, pipes.output.writing, pipes.errors.writing, pipes.report.writing,
                ],
                onExit: { [self] in ended(status: $0, signal: $1) })
        } catch {
            pipes.closeOurs()
            throw error
        }
        // A reader that fails has closed its descriptor, and the child gets SIGPIPE where it writes.
        let outputs: [(Int32, @LoopActor ([UInt8]) -> Void)] = [
            (pipes.output.reading, { [self] in tookOutput($0) }),
            (pipes.errors.reading, { [self] in tookErrors($0) }),
            (pipes.report.reading, { [self] in outcome.report += $0.prefix(Self.reportLimit - outcome.report.count) }),
        ]
        for (descriptor, take) in outputs {
            if let reader = try? PipeReader(descriptor, onBytes: take) { readers.append(reader) }
        }
    }

    /// -1 once it has ended.
    package var identifier: Int32 { process?.identifier ?? -1 }

    /// Tells the child that nobody needs it any more; a second call does nothing.
    package func closeLifeLine() {
        guard lifeLine >= 0 else { return }
        close(lifeLine)
        lifeLine = -1
    }

    /// Kills the process and all that descends from it, for one that does not heed its life line.
    package func killTree() {
        guard identifier > 0 else { return }
        for descendant in ProcessTree.descendants(of: identifier) { kill(descendant.identifier, SIGKILL) }
        kill(identifier, SIGKILL)
    }

    private func tookOutput(_ bytes: [UInt8]) {
        if outcome.output.count + bytes.count > Self.outputLimit {
            outcome.overflowed = true
            closeLifeLine()
        } else if !outcome.overflowed {
            outcome.output += bytes
        }
    }

    private func tookErrors(_ bytes: [UInt8]) {
        for line in errors.take(bytes) { onLine(line) }
    }

    private func ended(status: Int64, signal: Int32) {
        closeLifeLine()
        // Whatever else still holds a pipe is none of ours, so its end is not waited for.
        for reader in readers { reader.drainAndClose() }
        readers = []
        if let line = errors.finish() { onLine(line) }
        outcome.status = Int32(truncatingIfNeeded: status)
        outcome.signal = signal
        outcome.errors = errors.tail
        let onEnd = onEnd
        self.onEnd = nil
        onEnd?(outcome)
    }
}

internal import CPosixShims
internal import EnvdSystem
internal import Glibc

/// The four pipes between us and a child, close-on-exec on both sides.
///
/// Pipes and not libuv's socket pairs, for a program cannot open `/dev/stderr` when it is a socket.
struct ChildPipes {
    struct Pipe {
        var reading: Int32
        var writing: Int32
    }

    /// The child reads: its end-of-file tells it that we are gone.
    private(set) var lifeLine = Pipe(reading: -1, writing: -1)
    private(set) var output = Pipe(reading: -1, writing: -1)
    private(set) var errors = Pipe(reading: -1, writing: -1)
    /// What `envd-child` says of how the program ended.
    private(set) var report = Pipe(reading: -1, writing: -1)

    init() throws(SystemError) {
        do throws(SystemError) {
            lifeLine = try Self.make()
            output = try Self.make()
            errors = try Self.make()
            report = try Self.make()
        } catch {
            closeOurs()
            closeTheirs()
            throw error
        }
    }

    func closeOurs() { Self.close([lifeLine.writing, output.reading, errors.reading, report.reading]) }
    func closeTheirs() { Self.close([lifeLine.reading, output.writing, errors.writing, report.writing]) }

    private static func make() throws(SystemError) -> Pipe {
        var ends: [Int32] = [-1, -1]
        guard shim_pipe2(&ends, O_CLOEXEC) == 0 else { throw SystemError("make a pipe") }
        return Pipe(reading: ends[0], writing: ends[1])
    }

    private static func close(_ descriptors: [Int32]) {
        for descriptor in descriptors where descriptor >= 0 { Glibc.close(descriptor) }
    }
}

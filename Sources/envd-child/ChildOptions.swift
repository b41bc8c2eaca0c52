internal import EnvdCore
internal import Glibc

/// What `envd-child` was told on its command line.
struct ChildOptions {
    /// `[--report FD] [--nice N] [--idle-io] [--group DIR] [--read-only] [--write DIR]... -- PROGRAM ARG...`
    static let usage =
        """
        usage: envd-child [--report FD] [--nice N] [--idle-io] [--group DIR] [--read-only] [--write DIR]... \
        -- PROGRAM ARG...
        """

    /// Where to say how the program ended; see `Supervisor`.
    var report: Int32?
    var niceness: Int32 = 0
    var idleIO = false
    /// The control group that the program is to run in, and not this process (cgroups(7), version 2).
    var group: Path?
    /// The trees that may be written into; nil: all, as far as the user may.
    var writable: [Path]?
    /// The index of PROGRAM among the arguments.
    var program = 0

    /// - Parameter arguments: as the kernel gave them, bytes and not text; this program's own name first.
    /// - Returns: nil where they make no sense.
    init?(_ arguments: [ByteString]) {
        var index = 1
        func value() -> ByteString? {
            index += 1
            return index < arguments.count ? arguments[index] : nil
        }
        func number() -> Int32? { value().flatMap { Int32($0.description) } }
        while index < arguments.count {
            switch arguments[index].description {
            case "--":
                program = index + 1
                guard program < arguments.count, Path(arguments[program]).isAbsolute else { return nil }
                return
            case "--report":
                guard let number = number(), number > 2 else { return nil }
                report = number
            case "--nice":
                guard let number = number(), (0...19).contains(number) else { return nil }
                niceness = number
            case "--idle-io": idleIO = true
            case "--group":
                guard let value = value(), Path(value).isAbsolute else { return nil }
                group = Path(value)
            case "--read-only": writable = writable ?? []
            case "--write":
                guard let value = value(), !value.isEmpty else { return nil }
                writable = (writable ?? []) + [Path(value)]
            default: return nil
            }
            index += 1
        }
        return nil
    }
}

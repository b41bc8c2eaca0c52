package import EnvdCore
internal import Glibc

/// A system call that failed: which one, on what, and the kernel's reason.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// `errno` as the call left it.
    package var code: Int32
    /// What was tried, as a verb: `open`, `make directory`.
    package var verb: String
    package var path: Path?

    package init(_ verb: String, _ path: Path? = nil, code: Int32 = errno) {
        self.verb = verb
        self.path = path
        self.code = code
    }

    /// The kernel's word for the code, as strerror(3) has it, with a small first letter.
    package var cause: String {
        let text = String(cString: strerror(code))
        return text.prefix(1).lowercased() + text.dropFirst()
    }

    package var description: String {
        "could not \(verb)\(path.map { " `\($0)`" } ?? ""): \(cause)"
    }

    /// The code of a wait that took too long.
    package static let timedOut = ETIMEDOUT
    /// The code of what is not there.
    package static let absent = ENOENT

    /// Whether the thing is simply not there.
    package var isAbsence: Bool { code == ENOENT || code == ENOTDIR }
}

extension SystemError {
    /// Whether a connection failed for want of a daemon: no socket, or one that nobody listens on.
    package var isNobodyListening: Bool { isAbsence || code == ECONNREFUSED }
}

extension SystemError {
    /// Whether something is not this user's to do: another's socket, a directory that is closed, a read-only mount.
    package var isRefused: Bool { code == EPERM || code == EACCES || code == EROFS }
}

extension SystemError {
    /// Whether a limit of the kernel's on this user or process is used up: descriptors, inotify's instances or watches.
    package var isLimit: Bool { code == EMFILE || code == ENFILE || code == ENOSPC }
}

extension SystemError {
    /// Whether the disk or the quota is full.
    package var isNoSpace: Bool { code == ENOSPC || code == EDQUOT }
}

extension SystemError {
    /// The code of what another user has.
    package static let notPermitted = EPERM
}

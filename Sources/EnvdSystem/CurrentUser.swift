internal import Glibc

/// Who runs this process.
package enum CurrentUser {
    /// The real user id.
    package static var id: UInt32 { getuid() }

    /// This process's id.
    package static var processID: Int32 { getpid() }
}

internal import CPosixShims

extension UnixSocket {
    /// The process at the other end of a connection: the one that listened (SO_PEERCRED); nil where it has no number here.
    package static func peerProcess(of descriptor: Int32) -> Int32? {
        var user: UInt32 = 0
        var process: Int32 = 0
        guard shim_peer_credentials(descriptor, &user, &process) == 0, process > 0 else { return nil }
        return process
    }
}

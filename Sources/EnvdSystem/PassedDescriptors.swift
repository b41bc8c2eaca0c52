internal import EnvdCore
internal import Glibc

/// What this process was started with: listening sockets, and what a process of before kept
/// (sd_listen_fds_with_names(3)).
package enum PassedDescriptors {
    private static let first: Int32 = 3

    /// By name, close-on-exec; the caller owns them. A further one of the same name, and what is neither a listening
    /// Unix stream socket nor `KeptMemory`, is closed.
    package static func take() -> [String: Int32] {
        guard let process = ProcessEnvironment.value("LISTEN_PID"), process.description == "\(getpid())",
            let count = ProcessEnvironment.value("LISTEN_FDS").flatMap({ Int32($0.description) }), count > 0, count < 64
        else { return [:] }
        let names = (ProcessEnvironment.value("LISTEN_FDNAMES")?.description ?? "")
            .split(separator: ":", omittingEmptySubsequences: false)
        var sockets: [String: Int32] = [:]
        for index in 0..<Int(count) {
            let descriptor = first + Int32(index)
            let name = index < names.count ? String(names[index]) : ""
            if sockets[name] == nil, name == KeptMemory.name ? isFile(descriptor) : isListening(descriptor) {
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
                sockets[name] = descriptor
            } else {
                close(descriptor)
            }
        }
        return sockets
    }

    private static func isListening(_ descriptor: Int32) -> Bool {
        option(SO_DOMAIN, of: descriptor) == AF_UNIX && option(SO_TYPE, of: descriptor) == Int32(SOCK_STREAM.rawValue)
            && option(SO_ACCEPTCONN, of: descriptor) == 1
    }

    private static func isFile(_ descriptor: Int32) -> Bool {
        var raw = stat()
        return fstat(descriptor, &raw) == 0 && raw.st_mode & S_IFMT == S_IFREG && raw.st_uid == getuid()
    }

    private static func option(_ name: Int32, of descriptor: Int32) -> Int32? {
        var value: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, name, &value, &size) == 0 ? value : nil
    }
}

internal import EnvdCore
internal import EnvdProtocol
internal import EnvdSystem

/// The daemon's two sockets: those that the service manager listens on and passed, or our own.
struct ListeningSockets {
    let hook: Int32
    let control: Int32
    /// Those that we made, as they lie on disk.
    private var own: [Path: FileSystem.Status?] = [:]

    /// - Parameter passed: by name, see `PassedDescriptors`; belongs to this from here on.
    init(_ runtime: RuntimeDirectory, passed: [String: Int32]) throws(Diagnostic) {
        // One without the other is of no use: half of the clients would not come through.
        let isWhole = passed["hook"] != nil && passed["control"] != nil
        for (name, descriptor) in passed where !isWhole || (name != "hook" && name != "control") {
            UnixSocket.close(descriptor)
        }
        if isWhole, let hook = passed["hook"], let control = passed["control"] {
            (self.hook, self.control) = (hook, control)
            return
        }
        hook = try runtime.listen(at: runtime.hookSocket)
        control = try runtime.listen(at: runtime.controlSocket)
        for path in [runtime.hookSocket, runtime.controlSocket] { own[path] = try? FileSystem.status(path) }
    }

    /// Takes the names of our own sockets away, unless somebody else listens there by now.
    func remove() {
        for (path, made) in own {
            if let made, (try? FileSystem.status(path))??.inode == made.inode { try? FileSystem.remove(path) }
        }
    }
}

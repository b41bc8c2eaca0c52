internal import CPosixShims
internal import EnvdCore
internal import EnvdSystem
internal import Glibc

/// Takes the right to change files away, but for some trees (landlock(7)); reading stays as it is.
struct Confinement {
    /// `LANDLOCK_ACCESS_FS_…` of linux/landlock.h.
    private struct Rights: OptionSet {
        let rawValue: UInt64
        static let writeFile = Rights(rawValue: 1 << 1)
        /// Removing and making of every kind: bits 4 to 12.
        static let changeDirectories = Rights(rawValue: 0x1ff << 4)
        /// Renames and hard links between directories.
        static let refer = Rights(rawValue: 1 << 13)
        static let truncate = Rights(rawValue: 1 << 14)
    }

    /// Before this, a rename between directories is refused to whoever is confined, and uv cannot work.
    private static let leastVersion: Int32 = 2
    private static let truncateVersion: Int32 = 3
    /// `O_PATH`, which Glibc's module does not have.
    private static let pathOnly: Int32 = 0o10000000

    /// What programs expect to write to, wherever there is such a thing.
    private static let devices: [Path] = [
        "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty", "/dev/ptmx", "/dev/pts",
        "/dev/shm", "/dev/dri", "/dev/kfd",
    ]

    let writable: [Path]

    /// Puts it in force for this process and its descendants; does nothing where the kernel cannot do it.
    ///
    /// Throws where one of the trees is not there.
    func apply() throws(SystemError) {
        let version = shim_landlock_abi()
        guard version >= Self.leastVersion else { return }
        var handled: Rights = [.writeFile, .changeDirectories, .refer]
        if version >= Self.truncateVersion { handled.insert(.truncate) }
        let ruleset = shim_landlock_create_ruleset(handled.rawValue)
        guard ruleset >= 0 else { throw SystemError("confine the program") }
        defer { close(ruleset) }
        for path in writable { try allow(path, handled, in: ruleset) }
        let cards = ((try? FileSystem.list("/dev")) ?? []).filter { $0.bytes.starts(with: "nvidia".utf8) }
        for device in Self.devices + cards.map({ Path("/dev") / $0.description }) where FileSystem.exists(device) {
            // One that may not even be looked at will not be missed.
            try? allow(device, handled, in: ruleset)
        }
        guard shim_landlock_restrict_self(ruleset) == 0 else { throw SystemError("confine the program") }
    }

    private func allow(_ path: Path, _ rights: Rights, in ruleset: Int32) throws(SystemError) {
        let descriptor = FileSystem.withCPath(path) { open($0, Self.pathOnly | O_CLOEXEC) }
        guard descriptor >= 0 else { throw SystemError("let the program write into", path) }
        defer { close(descriptor) }
        var raw = stat()
        guard fstat(descriptor, &raw) == 0 else { throw SystemError("let the program write into", path) }
        // A rule on a file may have none of the rights that only directories know.
        let fitting = raw.st_mode & S_IFMT == S_IFDIR ? rights : rights.intersection([.writeFile, .truncate])
        guard shim_landlock_add_path(ruleset, descriptor, fitting.rawValue) == 0 else {
            throw SystemError("let the program write into", path)
        }
    }
}

package import EnvdCore
internal import EnvdSystem
internal import Glibc
internal import Synchronization

/// A control group (cgroups(7), version 2) that is ours to divide: its processes can be ended all at once, whatever
/// sessions and groups of processes they made.
package struct ControlGroup: Hashable, Sendable {
    package let path: Path

    private static let counter = Atomic<UInt64>(0)

    /// That of this process, where processes may be put into groups below it; nil where that is not ours to do.
    ///
    /// For a service whose unit says `Delegate=yes`: any other process shares its group with strangers.
    package static func ofThisProcess() -> ControlGroup? {
        guard let lines = try? FileSystem.read("/proc/self/cgroup") else { return nil }
        let own = lines.split(separator: UInt8(ascii: "\n")).first { $0.starts(with: "0::/".utf8) }
        guard let name = own.map({ ByteString($0.dropFirst(3)) }), name != "/" else { return nil }
        for root in ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"] as [Path] {
            let group = ControlGroup(path: Path(root.bytes + name))
            guard FileSystem.isWritable(group.path / "cgroup.procs"), FileSystem.exists(group.path / "cgroup.kill")
            else { continue }
            // What a daemon of before left is empty by now.
            for left in (try? FileSystem.list(group.path)) ?? [] where left.bytes.starts(with: prefix.utf8) {
                ControlGroup(path: group.path.appending(Path(left))).remove()
            }
            return group
        }
        return nil
    }

    private static let prefix = "command-"

    /// A new group below this one; nil where there can be none.
    func make() -> ControlGroup? {
        let number = Self.counter.add(1, ordering: .relaxed).newValue
        let group = ControlGroup(path: path / "\(Self.prefix)\(number)")
        return FileSystem.withCPath(group.path) { mkdir($0, 0o755) } == 0 ? group : nil
    }

    /// Kills all that is in it.
    func kill() { try? FileSystem.append(path / "cgroup.kill", Array("1".utf8)) }

    /// Takes it away once it is empty, as it is when its command has ended.
    func remove() { _ = FileSystem.removeEmptyDirectory(path) }
}

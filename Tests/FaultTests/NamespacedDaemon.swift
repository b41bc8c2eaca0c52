import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Glibc
import Testing

/// A daemon in a user namespace of its own (user_namespaces(7)), where an unprivileged test may set limits and mount.
final class NamespacedDaemon {
    private let terminal: Terminal
    let home: Home

    var process: Int32 { terminal.processIdentifier }

    /// - Parameters:
    ///   - setup: shell text that runs before the daemon, as root of the namespace.
    ///   - hasNetwork: whether it sees the machine's; else it has one of its own, where nothing is up.
    init(_ home: Home, setup: String, hasNetwork: Bool = true) throws {
        self.home = home
        terminal = try Terminal(
            [
                "/usr/bin/unshare", hasNetwork ? "-Urm" : "-Urmn", "/bin/sh", "-ec",
                "\(setup)\nexec '\(Programs.envd)' daemon",
            ],
            environment: home.variables, workingDirectory: home.outside)
        try home.waitForDaemon()
    }

    /// A path as the daemon sees it, for what is mounted there alone (proc_pid_root(5)).
    func path(_ path: Path) -> Path { Path(ByteString("/proc/\(process)/root") + path.bytes) }

    /// Ends it, and gives its exit status.
    func end() throws -> Int32 {
        kill(process, SIGTERM)
        return try terminal.waitForExit(within: 120)
    }

    /// Whether this machine lets users have namespaces with limits and mounts of their own.
    static let isPossible: Bool = {
        let command = Command(
            executable: "/usr/bin/unshare",
            arguments: [
                "-Urm", "/bin/sh", "-ec",
                "mount -t tmpfs -o size=100k none /mnt; echo 10 > /proc/sys/user/max_inotify_watches",
            ], environment: ["PATH": "/usr/bin:/bin"], workingDirectory: "/", writable: nil)
        return PlainCommandRunner.runBlocking(command, within: 60).ending == .exited(0)
    }()
}

package import EnvdCore
package import EnvdProtocol
package import EnvdSystem

/// envd as a service of systemd's user manager: where its units are, and how that manager is talked to.
package struct UserService: Sendable {
    /// All of them, the service last.
    package static let units = ["envd.socket", "envd-control.socket", "envd.service"]

    package var runtime: RuntimeDirectory

    package init(runtime: RuntimeDirectory) { self.runtime = runtime }

    /// Whether a user manager serves the directory that the runtime directory lies in: its `%t`.
    package var hasManager: Bool { FileSystem.exists(runtime.path.parent / "systemd/private") }

    /// Whether the sockets are the manager's: then a daemon is started through it and not beside it.
    package var isEnabled: Bool {
        hasManager
            && Self.directories.contains {
                (try? FileSystem.status($0 / "sockets.target.wants/envd.socket", followingLink: false)) != nil
            }
    }

    /// `$XDG_CONFIG_HOME/systemd/user`, where this user's own units lie; nil where there is no home.
    package static var ownDirectory: Path? {
        (ProcessEnvironment.path("XDG_CONFIG_HOME") ?? home.map { $0 / ".config" }).map { $0 / "systemd/user" }
    }

    /// Where user units are looked for, the user's own first (systemd.unit(5)).
    package static var directories: [Path] {
        let data = ProcessEnvironment.path("XDG_DATA_HOME") ?? home.map { $0 / ".local/share" }
        let shared: [Path] = [
            "/etc/systemd/user", "/run/systemd/user", "/usr/local/lib/systemd/user", "/usr/local/share/systemd/user",
            "/usr/lib/systemd/user", "/usr/share/systemd/user",
        ]
        return [ownDirectory, data.map { $0 / "systemd/user" }].compactMap(\.self) + shared
    }

    private static var home: Path? { ProcessEnvironment.path("HOME") }

    /// `systemctl --user` with these arguments.
    ///
    /// - Throws: where there is no such program.
    package func control(
        _ arguments: [String], within milliseconds: Int64 = 90_000
    ) throws(SystemError) -> WaitedProcess.Outcome {
        let places: [Path] = ["/usr/bin/systemctl", "/bin/systemctl", "/run/current-system/sw/bin/systemctl"]
        guard let program = places.first(where: { FileSystem.isExecutable($0) }) else {
            throw SystemError("find", "systemctl", code: SystemError.absent)
        }
        var environment = ProcessEnvironment.all()
        environment["XDG_RUNTIME_DIR"] = runtime.path.parent.bytes
        environment["LC_ALL"] = "C"
        return try WaitedProcess.run(
            program, ["--user", "--no-pager", "--no-ask-password"] + arguments.map { ByteString($0) },
            environment: environment, until: .after(milliseconds: milliseconds))
    }

    /// Has the manager start the daemon, and waits until it serves.
    ///
    /// - Returns: false where there is no enabled service, or it did not start.
    package func start(within milliseconds: Int64) -> Bool {
        guard isEnabled else { return false }
        return (try? control(["start"] + Self.units, within: milliseconds))?.status == 0
    }
}

import EnvdCore
import EnvdSystem
import EnvdTestSupport

/// Whether tests that need root can run: contrib/scripts/run-tests says so, and names a second user.
enum RootPart {
    static var isPossible: Bool {
        ProcessEnvironment.value("ENVD_TEST_USER") != nil && CurrentUser.id == 0
    }

    /// Whether FUSE and bindfs(1) are there.
    static let hasFuse: Bool = {
        guard isPossible, let directory = try? TemporaryDirectory() else { return false }
        let script = "mkdir a b; bindfs a b && umount -l b"
        let command = Command(
            executable: "/bin/sh", arguments: ["-ec", ByteString(script)], environment: ["PATH": "/usr/bin:/bin"],
            workingDirectory: directory.path, writable: nil)
        return PlainCommandRunner.runBlocking(command, within: 60).ending == .exited(0)
    }()
}

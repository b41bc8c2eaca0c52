import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Glibc
import Testing

/// What only root can try: another user, and file systems that other hosts share. contrib/scripts/run-tests runs it
/// first, in a mount namespace of its own.
@Suite(
    "As root", .serialized, .timeLimit(.minutes(20)),
    .enabled(if: RootPart.isPossible, "only contrib/scripts/run-tests, as root, runs these"))
struct AsRootTests {
    private var other: String { ProcessEnvironment.value("ENVD_TEST_USER")?.description ?? "" }

    /// A machine with a temporary directory, a runtime directory and a daemon of its own.
    private struct Host {
        let home: Home
        let name: String
        var kept: Path { home.path / "\(name)-tmp" }
        var store: Path { kept / "envd-0/data/projects" }
        var variables: [ByteString: ByteString] { ["XDG_RUNTIME_DIR": (home.path / "\(name)-run").bytes] }

        /// Starts its daemon, in a mount namespace that the daemon keeps.
        func boot() throws -> Int32 {
            for path in [kept, home.path / "\(name)-run"] { try FileSystem.makeDirectories(path) }
            let script = "mount --bind '\(kept)' /var/tmp; exec '\(Programs.envd)' status --all --json"
            let said = try home.run(
                "/usr/bin/unshare", ["-m", "/bin/sh", "-ec", ByteString(script).description], with: variables
            )
            .expect(0)
            return try StatusDocument(said.output).daemon.process
        }

        func envd(_ arguments: String..., in root: Path) throws -> Outcome {
            try home.run(Programs.envd, arguments, in: root, with: variables).expect(0)
        }

        func waitForCurrent(_ number: Int) throws {
            let project = store.appending(Path(try #require(try FileSystem.list(store).first)))
            try FileEvents.wait(in: project, for: "generation \(number) on host \(name)", within: 240) {
                (try? FileSystem.linkTarget(project / "current"))?.name == ByteString("\(number)")
            }
        }
    }

    @Test(
        "two hosts with one home: each keeps its environments to itself, says where, and sees what the other writes",
        .enabled(if: RootPart.hasFuse, "there is no FUSE here"))
    func twoHosts() throws {
        let home = try Home()
        let (disk, net) = (home.path / "disk", home.path / "net")
        for path in [disk, net] { try FileSystem.makeDirectories(path, mode: 0o755) }
        try home.run("/usr/bin/bindfs", ["\(disk)", "\(net)"]).expect(0)
        defer { home.run("/bin/umount", ["-l", "\(net)"]) }
        for name in ["data", "state", "cache"] {
            home.variables[ByteString("XDG_\(name.uppercased())_HOME")] = (net / name).bytes
        }
        let root = net / "p"
        try home.directory.write("disk/p/requirements.txt", "idna\n")
        let hosts = [Host(home: home, name: "one"), Host(home: home, name: "two")]
        var daemons: [Int32] = []
        defer { for daemon in daemons { kill(daemon, SIGTERM) } }
        for host in hosts { daemons.append(try host.boot()) }
        for host in hosts {
            _ = try host.envd("allow", in: root)
            _ = try host.envd("wait", in: root)
            let said = try host.envd("status", in: root)
            #expect(said.errors.contains("is on a network file system (fuse"), "\(said.errors)")
            #expect(said.errors.contains("what envd keeps is in `/var/tmp/envd-0`\nhint: `store.path`"))
            #expect(said.output.contains("prefix       /var/tmp/envd-0/data/projects/p-"), "\(said.output)")
            #expect(try FileSystem.status(host.kept / "envd-0")?.mode == 0o700)
        }
        #expect(try FileSystem.list(disk) == ["p"])
        // As another host writes it: inotify says nothing of it here.
        try home.directory.write("disk/p/requirements.txt", "six\n")
        for (host, daemon) in zip(hosts, daemons) {
            try host.waitForCurrent(2)
            let prefix = try #require(try StatusDocument(host.envd("status", "--json", in: root).output).projects.first)
            let python = "\(try #require(prefix.current?.prefix))/bin/python"
            try home.run("/usr/bin/nsenter", ["-t", "\(daemon)", "-m", python, "-c", "import six"]).expect(0)
        }
        for daemon in daemons {
            kill(daemon, SIGTERM)
            #expect(home.waitForEnd(of: daemon))
        }
    }

    /// Sends a frame to a socket, and prints what comes back.
    private static let client = """
        import socket, sys
        s = socket.socket(socket.AF_UNIX)
        s.settimeout(60)
        s.connect(sys.argv[1])
        s.sendall(bytes.fromhex(sys.argv[2]))
        print(s.recv(65536))
        """
    private static let daemon = """
        import socket, sys
        s = [socket.socket(socket.AF_UNIX) for _ in sys.argv[1:]]
        for each, path in zip(s, sys.argv[1:]):
            each.bind(path)
            each.listen()
        print("listening", flush=True)
        sys.stdin.read()
        """

    private func run(_ home: Home, as user: String, _ arguments: [String]) -> Outcome {
        home.run("/usr/sbin/runuser", ["-u", user, "--"] + arguments, in: "/")
    }

    @Test("another user's client is not answered even where the files let it in, and another's daemon is not believed")
    func peers() throws {
        let home = try Home()
        try home.envd("status", "--all").expect(0)
        for path in [home.path, home.path / "run", home.runtime] { try FileSystem.setMode(path, 0o755) }
        let call = Array(#"{"method":"org.varlink.service.GetInfo"}"#.utf8) + [0]
        let frames = ["control": call, "hook": RawClient.question(in: home.outside)]
        for (socket, frame) in frames {
            let path = home.runtime / socket
            try FileSystem.setMode(path, 0o666)
            let hex = frame.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            let arguments = ["/usr/bin/python3", "-c", Self.client, "\(path)", hex]
            #expect(try run(home, as: "root", arguments).expect(0).output != "b''\n", "\(socket)")
            let answer = run(home, as: other, arguments).output
            #expect(!answer.contains("vendor"))
            #expect(
                socket == "control" ? answer.contains("PermissionDenied") : ["", "b''\n"].contains(answer), "\(socket)")
        }
        let theirs = home.path / "theirs/envd"
        try FileSystem.makeDirectories(theirs)
        for path in [theirs.parent, theirs] { try FileSystem.setMode(path, 0o777) }
        let impostor = try Terminal(
            ["/usr/sbin/runuser", "-u", other, "--", "/usr/bin/python3", "-c", Self.daemon]
                + ["control", "hook"].map { "\(theirs)/\($0)" }, environment: home.variables, workingDirectory: "/")
        _ = try impostor.expect("listening", within: 60)
        for name in ["control", "hook"] { try FileSystem.setMode(theirs / name, 0o777) }
        let variables: [ByteString: ByteString] = ["XDG_RUNTIME_DIR": theirs.parent.bytes]
        let refused = try home.envd("status", "--all", with: variables).expect(69)
        #expect(refused.errors.contains("`\(theirs)/control` is another user's\nhint: remove it"), "\(refused.errors)")
        let hook = home.run(Programs.directory / "envd-hook", ["ask", "bash"], with: variables)
        #expect(hook.status == 0 && hook.output == "")
    }

    @Test("what another user keeps in a home, or in a store, that both have is not touched, with the way out")
    func sharedHome() throws {
        let home = try Home()
        try home.run("/bin/chown", ["-R", other, "\(home.path)"]).expect(0)
        try FileSystem.setMode(home.path, 0o755)
        let start = ["/usr/bin/env"] + home.variables.map { "\($0.key)=\($0.value)" }
        // The cache is the test run's, and its user's.
        let own = ["XDG_CACHE_HOME=\(home.path)/cache", "\(Programs.envd)", "status", "--all"]
        _ = try run(home, as: other, start + own).expect(0)
        try FileSystem.makeDirectories(home.path / "rootrun")
        let root: [ByteString: ByteString] = ["XDG_RUNTIME_DIR": (home.path / "rootrun").bytes]
        let refused = try home.envd("status", "--all", with: root).expect(69)
        #expect(refused.errors.contains("could not use `\(home.path)/state/envd`: it is another user's"))
        #expect(refused.errors.contains("hint: set HOME to your own (`sudo -H` does)"), "\(refused.errors)")
        // Nor is anything made in a home where the other has nothing yet.
        let new = try home.envd(
            "status", "--all", with: root.merging(["XDG_STATE_HOME": (home.path / "home/new").bytes]) { $1 }
        ).expect(69)
        #expect(new.errors.contains("`\(home.path)/home` is another user's"), "\(new.errors)")
        #expect(!FileSystem.exists(home.path / "home/new"))
        for process in try FileSystem.list("/proc").compactMap({ Int32($0.description) }) {
            let variables = (try? FileSystem.read(Path("/proc/\(process)/environ"))) ?? []
            let mark = Array("XDG_RUNTIME_DIR=\(home.path)/run".utf8)
            guard variables.split(separator: 0).contains(where: { $0.elementsEqual(mark) }) else { continue }
            kill(process, SIGTERM)
            #expect(home.waitForEnd(of: process))
        }
    }
}

import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Glibc
import Testing

@Suite("Watching when the kernel does not help", .timeLimit(.minutes(30)))
struct WatchTests {
    @Test("after more events than the kernel keeps, an edit among them is not missed")
    func overflow() throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        let limit = try FileSystem.read("/proc/sys/fs/inotify/max_queued_events")
        let events = (Int(String(decoding: limit.dropLast(), as: UTF8.self)) ?? 16384) + 1000
        try home.signalDaemon(SIGSTOP)
        for index in 0..<(events / 3 + 1) {
            let file = FileSystem.withCPath(root / "noise-\(index % 2)") { open($0, O_WRONLY | O_CREAT, 0o600) }
            close(file)
            try FileSystem.remove(root / "noise-\(index % 2)")
        }
        try home.write(root / "requirements.txt", "six\n")
        try home.signalDaemon(SIGCONT)
        try home.waitForCurrent(2, of: root)
        try home.expectWhole(root, imports: "six")
        // It watches again, too.
        try home.write(root / "requirements.txt", "idna\nsix\n")
        try home.waitForCurrent(3, of: root)
    }

    @Test(
        "with too few watches, or no inotify at all, the inputs are looked at, and one warning names the setting",
        .enabled(if: NamespacedDaemon.isPossible, "user namespaces are closed to users here"),
        arguments: [("watches", 10), ("instances", 0)])
    func limits(setting: String, limit: Int) throws {
        let home = try Home()
        let daemon = try NamespacedDaemon(home, setup: "echo \(limit) > /proc/sys/user/max_inotify_\(setting)")
        var roots: [Path] = []
        for name in ["one", "two", "three"] {
            roots.append(try home.project("deep/\(name)/\(name)", files: ["requirements.txt": "idna\n"]))
        }
        let last = try #require(roots.last)
        for root in roots { try home.envd("allow", in: root).expect(0) }
        for root in roots { try home.envd("wait", in: root).expect(0) }
        let warnings = try home.warnings()
        #expect(warnings.count == 1, "\(warnings)")
        #expect(warnings.first?.contains("`fs.inotify.max_user_\(setting)` is used up") == true, "\(warnings)")
        #expect(home.daemonProcess == daemon.process)
        try home.write(last / "requirements.txt", "six\n")
        try home.waitForCurrent(2, of: last)
        // A file that was not there is looked for as well.
        try home.write(
            last / "pyproject.toml", "[project]\nname = \"three\"\nversion = \"1\"\ndependencies = [\"idna\"]\n")
        try home.waitForCurrent(3, of: last)
        try home.expectWhole(last, imports: "idna")
        for root in roots { try home.envd("forget", in: root).expect(0) }
        // What is given back is enough: nobody is warned for ever.
        #expect(try home.warnings().isEmpty == (limit > 0))
        #expect(try daemon.end() == 0)
    }

    @Test("a project's directory that is moved away and back, or made again, is what it was, or asked for")
    func replacedDirectory() throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        try FileSystem.rename(root, to: home.path / "away")
        home.envd("wait", in: home.path / "away")
        try FileSystem.rename(home.path / "away", to: root)
        try home.write(root / "requirements.txt", "six\n")
        try home.waitForCurrent(2, of: root)
        try home.expectWhole(root, imports: "six")
        try FileSystem.rename(root, to: home.path / "away")
        _ = try home.project(files: ["requirements.txt": "idna\n"])
        home.envd("wait", in: root)
        let status = try home.status(root)
        #expect(
            status.failure?.message.contains("another directory than the one that was allowed") == true, "\(status)")
        #expect(status.current == nil)
        try home.envd("allow", in: root).expect(0)
        try home.expectWhole(root, imports: "idna")
    }

    @Test(
        "while git holds its index, files are not read half way; a lock that a dead git left is waited for 10 s at most"
    )
    func checkout() throws {
        let home = try Home()
        let root = try home.project(files: ["requirements.txt": "idna\n"])
        try home.run("/usr/bin/git", ["init", "--quiet"], in: root).expect(0)
        try home.envd("allow", in: root).expect(0)
        try home.envd("wait", in: root).expect(0)
        try home.write(root / ".git/index.lock", "")
        // Half of a checkout: nobody could build this.
        try home.write(root / "requirements.txt", "=== half\n")
        for _ in 1...15 { #expect(try home.status(root).state == "ready") }
        try home.write(root / "requirements.txt", "six\n")
        try FileSystem.remove(root / ".git/index.lock")
        try home.waitForCurrent(2, of: root)
        try home.expectWhole(root, imports: "six")
        let log =
            (try? FileSystem.read(home.path / "state/envd/logs")).map { String(decoding: $0, as: UTF8.self) } ?? ""
        #expect(!log.contains("half"))
        try home.write(root / ".git/index.lock", "")
        try home.write(root / "requirements.txt", "idna\nsix\n")
        try home.waitForCurrent(3, of: root)
    }

    @Test(
        "a file system that is unmounted under a project is told of; mounted again, it is what it was",
        .enabled(if: NamespacedDaemon.isPossible, "user namespaces are closed to users here"))
    func unmounted() throws {
        let home = try Home()
        let place = home.path / "disk"
        try FileSystem.makeDirectories(place)
        let mount = "mount -t tmpfs none '\(place)'; mkdir -m 755 '\(place)/p'"
        let daemon = try NamespacedDaemon(home, setup: mount)
        let (root, envd) = (place / "p", "\(Programs.envd)")
        func inside(_ text: String, expecting status: Int32 = 0) throws -> Outcome {
            let arguments = ["-t", "\(daemon.process)", "-U", "-m", "--preserve-credentials", "/bin/sh", "-ec", text]
            return try home.run("/usr/bin/nsenter", arguments, in: home.outside).expect(status)
        }
        try home.write(daemon.path(root / "requirements.txt"), "idna\n")
        _ = try inside("'\(envd)' allow '\(root)'; '\(envd)' wait '\(root)'")
        // No word of what follows goes to the daemon, and no file that it watches is written.
        let answer = Path(home.runtime.bytes + "/roots" + root.bytes)
        let before = try FileSystem.read(answer / "enter.bash")
        _ = try inside("umount -l '\(place)'")
        try FileEvents.wait(in: answer, for: "another answer") {
            (try? FileSystem.read(answer / "enter.bash")) != before
        }
        let gone = try inside("'\(envd)' status --all; '\(envd)' log '\(root)'").output
        #expect(gone.contains("\(root): failed (the old environment is active)"), "\(gone)")
        _ = try inside("\(mount); echo six >'\(root)/requirements.txt'")
        try FileEvents.wait(in: answer, for: "answer of before") {
            (try? FileSystem.read(answer / "enter.bash"))?.contains(Array("/generations/2/".utf8)) == true
        }
        _ = try inside("'\(envd)' wait '\(root)'")
        #expect(try daemon.end() == 0)
    }
}

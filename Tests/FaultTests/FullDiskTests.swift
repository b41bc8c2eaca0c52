import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Glibc
import Testing

@Suite("A disk that is full", .timeLimit(.minutes(60)))
struct FullDiskTests {
    /// What is left of the disk while a build runs: KiB.
    private static let rooms = [0, 8, 32, 100, 300, 800, 2000, 4000, 7000, 12_000]
    private static let size = 60_000

    @Test(
        "at any level: the old environment stays whole, the cause is named, and with some space the next build goes well",
        .enabled(if: NamespacedDaemon.isPossible, "user namespaces are closed to users here"))
    func levels() throws {
        let home = try Home()
        let disk = home.path / "disk"
        for name in ["data", "state", "cache"] {
            home.variables[ByteString("XDG_\(name.uppercased())_HOME")] = (disk / name).bytes
        }
        try FileSystem.makeDirectories(disk)
        let daemon = try NamespacedDaemon(home, setup: "mount -t tmpfs -o size=\(Self.size)k none '\(disk)'")
        let config = home.path / "home/.config/envd/config.toml"
        // What is to be tried is a disk that gets full while a build runs.
        try FileSystem.makeDirectories(config.parent)
        try home.write(config, "[store]\nreserve = \"0B\"\n")
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        let filler = daemon.path(disk / "filler")
        for (index, room) in Self.rooms.enumerated() {
            let old = try #require(try home.status(root).current)
            try fill(filler, leaving: room)
            try home.write(root / "requirements.txt", "six\nsix != 0.0.\(index)\n")
            let outcome = home.envd("wait", in: root)
            let status = try home.status(root)
            let current = try #require(status.current)
            if outcome.status == 0 {
                #expect(status.state == "ready" && current.number > old.number, "\(room) KiB")
            } else {
                #expect(status.state == "failed" && current.number == old.number, "\(room) KiB: \(status)")
                let said = "\(status.failure?.message ?? "") \(status.failure?.hint ?? "")"
                #expect(said.contains("space") || said.contains("full"), "\(room) KiB: \(said)")
            }
            try run(Path(ByteString(current.prefix)), in: daemon, index: index)
            #expect(try FileSystem.list(daemon.path(disk / "data/envd/tmp")) == [], "\(room) KiB")
            let kept = try FileSystem.list(daemon.path(try store(home, daemon, disk) / "generations"))
            for number in kept {
                let record = daemon.path(try store(home, daemon, disk)) / "generations/\(number)/.envd/generation.json"
                #expect(FileSystem.exists(record), "\(room) KiB: \(number)")
            }
            try FileSystem.remove(filler)
        }
        try home.envd("build", in: root).expect(0)
        try home.envd("wait", in: root).expect(0)
        #expect(try home.status(root).state == "ready")
        #expect(try home.warnings() == [])
        // One that could not end well does not begin.
        try home.write(config, "[store]\nreserve = \"59MB\"\n")
        try home.write(root / "requirements.txt", "six\nidna\n")
        try home.envd("wait", in: root).expect(1)
        let refused = try #require(try home.status(root).failure)
        #expect(refused.message.contains("there is too little space: 59.0 MB are to stay free, and `"))
        #expect(refused.hint?.contains("`envd gc`") == true)
        #expect(home.daemonProcess == daemon.process)
        #expect(try daemon.end() == 0)
    }

    private func store(_ home: Home, _ daemon: NamespacedDaemon, _ disk: Path) throws -> Path {
        let projects = disk / "data/envd/projects"
        return projects.appending(Path(try #require(try FileSystem.list(daemon.path(projects)).first)))
    }

    private func fill(_ filler: Path, leaving room: Int) throws {
        var chunk = [UInt8](repeating: 1, count: 64 << 10)
        let descriptor = FileSystem.withCPath(filler) { open($0, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600) }
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        var size = 0
        while chunk.count >= 4096 {
            let count = write(descriptor, chunk, chunk.count)
            if count > 0 { size += count } else { chunk.removeLast(chunk.count / 2) }
        }
        #expect(ftruncate(descriptor, max(0, size - room << 10)) == 0)
    }

    /// The environment's python, in the namespace where it is.
    private func run(_ prefix: Path, in daemon: NamespacedDaemon, index: Int) throws {
        let answer = daemon.home.run(
            "/usr/bin/nsenter",
            [
                "-t", "\(daemon.process)", "-U", "-m", "--preserve-credentials", "\(prefix)/bin/python", "-c",
                "import pip; print(1)",
            ])
        #expect(answer.output == "1\n", "level \(index): \(answer.errors)")
    }
}

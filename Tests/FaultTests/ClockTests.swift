import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Glibc
import Testing

/// The wall clock jumps, as after a wrong battery-backed clock, a long suspend or an administrator's hand.
@Suite("Clock jumps", .timeLimit(.minutes(30)))
struct ClockTests {
    /// Debian's libfaketime, for the daemon alone: its clients and the file system keep the right time.
    private static let library = ["x86_64-linux-gnu", "aarch64-linux-gnu"]
        .map { Path("/usr/lib/\($0)/faketime/libfaketime.so.1") }.first { FileSystem.exists($0) }

    @Test(
        "ten years ahead and twenty back, builds become current, earlier ones come back, and gc takes nothing in use",
        .enabled(if: library != nil, "Debian's faketime is not installed"))
    func jumps() throws {
        let home = try Home()
        let clock = home.path / "clock"
        try FileSystem.replace(clock, with: Array("+0\n".utf8))
        let preloaded: [ByteString: ByteString] = [
            "LD_PRELOAD": try #require(Self.library).bytes, "FAKETIME_TIMESTAMP_FILE": clock.bytes,
            "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1",
        ]
        // The library's first process changes its own environment before main, which hides the arguments from Swift's
        // runtime; the next program of the same process finds it done.
        let daemon = try Terminal(
            ["/usr/bin/env", Programs.envd.description, "daemon"],
            environment: home.variables.merging(preloaded) { $1 },
            workingDirectory: home.outside)
        defer {
            for kind in ["faketime_shm", "sem.faketime_sem"] {
                try? FileSystem.remove(Path("/dev/shm/\(kind)_\(daemon.processIdentifier)"))
            }
        }
        try home.waitForDaemon()
        func jump(years: Int) throws {
            try FileSystem.replace(clock, with: Array("\(years < 0 ? "-" : "+")\(abs(years) * 365)d\n".utf8))
        }

        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        try jump(years: 10)
        try home.write(root / "requirements.txt", "six\n")
        try home.waitForCurrent(2, of: root)
        try jump(years: -10)
        try home.write(root / "requirements.txt", "idna\nsix\n")
        try home.waitForCurrent(3, of: root)
        let history = try HistoryDocument(home.envd("history", "--json", in: root).expect(0).output)
        let years = history.generations.sorted { $0.number < $1.number }.map { Int($0.made.prefix(4)) ?? 0 }
        #expect(years.count == 3)
        // The library did its part: the daemon believed each clock.
        #expect(years[1] - years[0] >= 9 && years[0] - years[2] >= 9, "\(years)")

        // Which one comes back goes by what it is made from, never by when.
        try home.write(root / "requirements.txt", "idna\n")
        try home.waitForCurrent(1, of: root)
        try home.envd("rollback", "3", in: root).expect(0)
        try home.waitForCurrent(3, of: root)
        #expect(try home.status(root).state == "ready")

        // Retired in what is the future now: not old. From the far end of time all are, and the current one stays.
        try home.envd("gc", "--older-than", "1d", "--keep", "0").expect(0)
        #expect(try home.generations(root).contains("3"))
        try jump(years: 20)
        try home.envd("gc", "--older-than", "1d", "--keep", "0").expect(0)
        #expect(try home.generations(root) == ["3"])
        #expect(try home.expectWhole(root, imports: "six") == 3)
        #expect(home.daemonProcess == daemon.processIdentifier)
        #expect(kill(daemon.processIdentifier, SIGTERM) == 0)
        #expect(try daemon.waitForExit(within: 120) == 0)
    }
}

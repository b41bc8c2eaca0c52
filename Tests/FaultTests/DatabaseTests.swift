import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Glibc
import Testing

@Suite("Whatever happens to the database", .timeLimit(.minutes(20)))
struct DatabaseTests {
    enum Damage: CaseIterable {
        case cutToHalf, cutToHeader, flippedHeader, flippedRecord, flippedTable, garbage, empty, gone

        func apply(to file: Path) throws {
            var bytes = try FileSystem.read(file)
            switch self {
            case .cutToHalf: bytes.removeLast(bytes.count / 2)
            case .cutToHeader: bytes = Array(bytes.prefix(60))
            case .flippedHeader: bytes[20] ^= 0x10
            case .flippedRecord: bytes[try place(of: "\"trust\":\"allowed", in: bytes) + 12] ^= 0x01
            case .flippedTable: bytes[try place(of: "CREATE TABLE project", in: bytes) + 13] ^= 0x02
            case .garbage: bytes = Array(repeating: 0x5a, count: bytes.count)
            case .empty: bytes = []
            case .gone: return try FileSystem.remove(file)
            }
            try FileSystem.replace(file, with: bytes)
        }

        private func place(of text: String, in bytes: [UInt8]) throws -> Int {
            let wanted = Array(text.utf8)
            let found = bytes.indices.first { bytes[$0...].starts(with: wanted) }
            return try #require(found, "`\(text)` is not in the database")
        }
    }

    @Test("a damaged one is put aside and made anew from the generations, and one warning says where it lies")
    func damaged() throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        let denied = try home.project("q", files: ["requirements.txt": "idna\n"])
        try home.envd("allow", in: denied).expect(0)
        try home.envd("deny", in: denied).expect(0)
        let state = home.path / "state/envd"
        for damage in Damage.allCases {
            try home.endDaemon()
            // All of it is in the one file.
            #expect(try FileSystem.status(state / "envd.db-wal").map(\.size) ?? 0 == 0, "\(damage)")
            try damage.apply(to: state / "envd.db")
            let number = try home.expectWhole(root, imports: "idna", note: "\(damage)")
            #expect(number == 1, "\(damage)")
            // What the user said last holds, and not what they said when something was built.
            #expect(try home.status(denied).state == "denied", "\(damage)")
            let files = try FileSystem.list(state).filter { $0.description.hasPrefix("envd.db.damaged-") }
            let aside = files.filter { !$0.description.hasSuffix("-wal") && !$0.description.hasSuffix("-shm") }
            let warnings = try home.warnings()
            if damage == .gone {
                #expect(aside == [] && warnings == [])
            } else {
                let name = try #require(aside.first)
                #expect(aside.count == 1 && warnings.count == 1, "\(damage): \(aside) \(warnings)")
                #expect(warnings.first?.contains("`\(state)/\(name)`") == true, "\(damage): \(warnings)")
                for file in files { try FileSystem.remove(state.appending(Path(file))) }
                #expect(try home.warnings() == [], "\(damage)")
            }
        }
    }

    @Test("one that is damaged under the daemon's hands is mended at the next start, at the latest")
    func damagedWhileRunning() throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        let file = home.path / "state/envd/envd.db"
        // In place: the daemon has it open.
        let size = try #require(try FileSystem.status(file)).size
        let descriptor = FileSystem.withCPath(file) { open($0, O_WRONLY | O_CLOEXEC) }
        let garbage = [UInt8](repeating: 0x5a, count: Int(size))
        #expect(write(descriptor, garbage, garbage.count) == garbage.count)
        close(descriptor)
        try home.write(root / "requirements.txt", "six\n")
        home.envd("wait", in: root)
        if home.daemonProcess != nil { try home.endDaemon() }
        try home.expectWhole(root, imports: "six")
    }

    /// A program that locks the database as a backup or a curious person does.
    private func lock(_ home: Home, seconds: Int?) throws -> Terminal {
        let script = """
            import os, sqlite3, sys, time
            connection = sqlite3.connect(sys.argv[1], isolation_level=None)
            connection.execute("begin exclusive")
            with open(sys.argv[2] + "~", "w") as held:
                held.write(str(os.getpid()))
            os.rename(sys.argv[2] + "~", sys.argv[2])
            time.sleep(float(sys.argv[3]))
            """
        let held = home.path / "held"
        try FileSystem.remove(held)
        let program = try Terminal(
            [
                "/usr/bin/python3", "-c", script, "\(home.path)/state/envd/envd.db", "\(held)", "\(seconds ?? 3600)",
            ], environment: [:], workingDirectory: home.outside)
        try FileEvents.wait(in: home.path, for: "lock on the database") { FileSystem.exists(held) }
        return program
    }

    @Test("one that another program locks for 3 s is waited for, at the start and during a build")
    func lockedForAWhile() throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        let first = try lock(home, seconds: 3)
        try home.write(root / "requirements.txt", "six\n")
        #expect(try home.expectWhole(root, imports: "six") == 2)
        #expect(try first.waitForExit(within: 120) == 0)
        try home.endDaemon()
        let second = try lock(home, seconds: 3)
        #expect(try home.expectWhole(root, imports: "six") == 2)
        #expect(try home.warnings() == [])
        #expect(try second.waitForExit(within: 120) == 0)
    }

    @Test("one that stays locked is named, with the way out, and nothing of it is put aside")
    func lockedForEver() throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        try home.endDaemon()
        let locking = try lock(home, seconds: nil)
        let refused = try home.envd("status", in: root).expect(69)
        #expect(
            refused.errors.contains("envd.db`: another program keeps it locked\nhint: end that program"),
            "\(refused.errors)")
        kill(locking.processIdentifier, SIGKILL)
        _ = try locking.waitForExit(within: 120)
        #expect(try home.expectWhole(root, imports: "idna") == 1)
        #expect(try home.warnings() == [])
    }

    @Test(
        "a state directory that cannot be written is named, with the way out, and the daemon is tried once a command",
        .enabled(if: getuid() != 0, "root may write everywhere"))
    func readOnly() throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        try home.endDaemon()
        let state = home.path / "state/envd"
        for directory in [state, state / "logs"] {
            try FileSystem.setMode(directory, 0o500)
            defer { try? FileSystem.setMode(directory, 0o700) }
            let starts = home.log.split(separator: "\n").count
            let refused = try home.envd("status", in: root).expect(69)
            #expect(
                refused.errors
                    == "error: could not start the daemon: could not write into `\(directory)`: permission denied\n"
                    + "hint: make it yours to write\n")
            #expect(home.log.split(separator: "\n").count <= starts + 2)
        }
        #expect(try home.expectWhole(root, imports: "idna") == 1)
    }
}

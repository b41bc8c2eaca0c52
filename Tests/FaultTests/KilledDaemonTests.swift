import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Glibc
import Testing

@Suite("A daemon that is killed", .timeLimit(.minutes(120)))
struct KilledDaemonTests {
    /// What the build's log says last when the kill comes: each part is named when it is over.
    private static let marks = [
        "building `", "[looking for a python", "[resolving", "[installing", "[verifying",
        "[looking at libraries", "[syncing", "ready after",
    ]

    /// Waits until the log of a build that began after `old` was there says something.
    private func waitForLog(_ home: Home, otherThan old: UInt64?, says mark: String) throws {
        let logs = home.path / "state/envd/logs"
        try FileEvents.wait(in: logs, for: "`\(mark)` in the build's log") {
            guard let log = currentLog(home), log.inode != old, let text = try? FileSystem.read(log.path) else {
                return false
            }
            return String(decoding: text, as: UTF8.self).contains(mark)
        }
    }

    private func currentLog(_ home: Home) -> (path: Path, inode: UInt64)? {
        let logs = home.path / "state/envd/logs"
        let names = ((try? FileSystem.list(logs)) ?? []).filter { !$0.description.contains(".1.") }
        guard let name = names.first(where: { $0.description.hasSuffix(".log") }) else { return nil }
        let path = logs.appending(Path(name))
        return ((try? FileSystem.status(path)) ?? nil).map { (path, $0.inode) }
    }

    @Test("at each state of a build leaves the old environment or the new one, whole, and nothing else")
    func atEachState() throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        for (index, mark) in Self.marks.enumerated() {
            let module = index.isMultiple(of: 2) ? "six" : "idna"
            let old = currentLog(home)?.inode
            // Another spec each time, or there would be nothing to build.
            try home.write(root / "requirements.txt", "\(module)\n\(module) != 0.0.\(index)\n")
            try waitForLog(home, otherThan: old, says: mark)
            try home.killDaemon()
            try home.expectWhole(root, imports: module, note: mark)
        }
    }

    @Test("at any moment leaves the old environment or the new one, whole, and nothing else")
    func atAnyMoment() throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        var luck = SeededGenerator(stream: 1)
        for round in 1...FaultPlan.rounds(5, soak: 300) {
            let module = round.isMultiple(of: 2) ? "six" : "idna"
            try home.write(root / "requirements.txt", "\(module)\n\(module) != 0.0.\(round)\n")
            let moment = Int.random(in: 0...2500, using: &luck)
            letPass(milliseconds: moment)
            try home.killDaemon()
            let note = "round \(round), after \(moment) ms; \(FaultPlan.recipe)"
            try home.expectWhole(root, imports: module, note: note)
        }
    }

    @Test("while it starts leaves the next one a clean start")
    func whileItStarts() throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        try home.endDaemon()
        // What one leaves that is killed between writing a file and renaming it.
        let answers = (home.runtime / "roots").appending(try #require(root.relative(to: .root)))
        let data = home.data
        for directory in [
            home.runtime, answers, home.path / "state/envd", home.path / "state/envd/logs", data, data / "projects",
            try home.store(root),
        ] {
            try FileSystem.append(directory / ".envd-7-11", Array("half".utf8))
        }
        try home.expectWhole(root, imports: "idna")
        #expect(!FileSystem.exists(answers / ".envd-7-11"))
        try home.endDaemon()
        var luck = SeededGenerator(stream: 2)
        for round in 1...FaultPlan.rounds(4, soak: 100) {
            let daemon = try Terminal(
                [Programs.envd.description, "daemon"], environment: home.variables, workingDirectory: home.outside)
            let moment = Int.random(in: 0...250, using: &luck)
            letPass(milliseconds: moment)
            kill(daemon.processIdentifier, SIGKILL)
            _ = try daemon.waitForExit(within: 120)
            try home.waitForDaemonsEnd()
            if round.isMultiple(of: 3) {
                let note = "round \(round), after \(moment) ms; \(FaultPlan.recipe)"
                #expect(try home.expectWhole(root, imports: "idna", note: note) == 1)
                try home.endDaemon()
            }
        }
        #expect(try home.expectWhole(root, imports: "idna") == 1)
        #expect(try home.warnings() == [])
    }
}

import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Glibc
import Testing

@Suite("Two daemons", .timeLimit(.minutes(30)))
struct TwoDaemonsTests {
    @Test("that start at once: one serves, the other says so and ends with 69; killed or ended, the next two can")
    func race() async throws {
        let home = try Home()
        let command = Command(
            executable: Programs.envd, arguments: ["daemon"], environment: home.variables,
            workingDirectory: home.outside, writable: nil)
        let rounds = FaultPlan.rounds(20, soak: 200)
        for round in 1...rounds {
            try await withThrowingTaskGroup(of: Outcome.self) { group in
                for _ in 0..<2 {
                    group.addTask {
                        Outcome(command: "envd daemon", await PlainCommandRunner().run(command, onLine: { _ in }))
                    }
                }
                let loser = try #require(try await group.next())
                try loser.expect(69)
                #expect(loser.errors.contains("another daemon serves this user already"), "round \(round)")
                try home.waitForDaemon()
                if round % 5 == 0 { try home.envd("status", "--all").expect(0) }
                // Every other one leaves its sockets and its lock's file behind.
                try home.signalDaemon(round.isMultiple(of: 2) ? SIGKILL : SIGTERM)
                try #require(try await group.next()).expect(round.isMultiple(of: 2) ? 128 + SIGKILL : 0)
            }
        }
        try home.envd("status", "--all").expect(0)
    }

    @Test("with runtime directories of their own are never at work on the same environments")
    func sameStore() throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        let daemon = try #require(home.daemonProcess)
        try FileSystem.makeDirectories(home.path / "other")
        let refused = try home.envd("status", in: root, with: ["XDG_RUNTIME_DIR": (home.path / "other").bytes]).expect(
            69)
        #expect(
            refused.errors.contains("another daemon (process \(daemon)) works on `\(home.data)`"), "\(refused.errors)")
        #expect(try home.expectWhole(root, imports: "idna") == 1)
    }

    @Test("one whose runtime directory a logout took away ends by itself, and the next login has its own")
    func logout() throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        let daemon = try #require(home.daemonProcess)
        try FileSystem.remove(home.path / "run")
        #expect(home.waitForEnd(of: daemon))
        try FileSystem.makeDirectories(home.path / "run")
        #expect(try home.expectWhole(root, imports: "idna") == 1)
        #expect(home.daemonProcess != daemon)
    }
}

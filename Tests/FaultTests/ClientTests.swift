import EnvdCore
import EnvdProtocol
import EnvdSystem
import EnvdTestSupport
import Glibc
import Testing

@Suite("Clients that do not behave", .timeLimit(.minutes(30)))
struct ClientTests {
    /// The daemon of a home, and what it is like before anything happens to it.
    private func quietHome() throws -> (Home, root: Path, descriptors: Int) {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        // The engine's pipes are closed by now, and so is the first client's connection.
        try home.envd("status", "--all").expect(0)
        return (home, root, try home.openDescriptors())
    }

    @Test("2,000 shells that ask at once are all answered, and their descriptors come back")
    func manyAtOnce() throws {
        let (home, root, before) = try quietHome()
        _ = try home.raiseDescriptorLimit()
        let question = RawClient.question(in: root)
        let clients = try (0..<2000).map { _ in
            let client = try RawClient(home.runtime / "hook")
            client.send(question)
            return client
        }
        let answers = clients.compactMap { $0.receiveAll() }
        #expect(answers.count == 2000)
        #expect(answers.allSatisfy { HookRequest.announcedLength($0).map { $0 > 0 } ?? false })
        try home.expectDescriptors(atMost: before)
        try home.expectWhole(root, imports: "idna")
    }

    // One after the other, for both at once would need more descriptors than machines give.
    @Test("10,000 that connect and never ask keep nobody out", .serialized, arguments: ["hook", "control"])
    func halfOpen(socket: String) throws {
        let (home, root, before) = try quietHome()
        let daemon = home.daemonProcess
        // Where this machine gives fewer, as many as it gives; the other tests need some.
        let count = min(FaultPlan.rounds(3000, soak: 10_000), try home.raiseDescriptorLimit() - 4000)
        var clients: [RawClient] = []
        for _ in 0..<count {
            let client = try RawClient(home.runtime / socket)
            client.send([9, 9])
            clients.append(client)
        }
        try home.envd("status", in: root).expect(0)
        let asking = try RawClient(home.runtime / "hook")
        asking.send(RawClient.question(in: root))
        #expect(try #require(asking.receiveAll()).count > 4)
        clients = []
        try home.expectDescriptors(atMost: before)
        #expect(home.daemonProcess == daemon)
        try home.expectWhole(root, imports: "idna")
    }

    enum Habit: CaseIterable {
        case garbage, endlessZeros, frameOverTheLimit, leavesInTheMiddle, saysHalfAndListens, neverReads, asksAgain
        case deepJSON, wantsMoreOfEverything, watchesAndAsks

        /// Does so on a connection; what is left open comes back.
        func act(_ socket: String, on client: RawClient, in root: Path) {
            let status = Array(#"{"method":"dev.envd.Control.Status","parameters":{}}"#.utf8)
            switch self {
            case .garbage: client.send((0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 197 &+ 89) })
            case .endlessZeros: client.send([UInt8](repeating: 0, count: 1 << 20))
            case .frameOverTheLimit:
                client.send([0xff, 0xff, 0xff, 0x7f] + [UInt8](repeating: 0x78, count: 5 << 20))
            case .leavesInTheMiddle: client.send([200, 0, 0, 0, 0x31])
            case .saysHalfAndListens:
                client.send([200, 0, 0, 0, 0x31])
                client.endSending()
            case .neverReads:
                client.send(socket == "hook" ? RawClient.question(in: root) : status + [0])
            case .asksAgain:
                for _ in 0..<20 { client.send(socket == "hook" ? RawClient.question(in: root) : status + [0]) }
            case .deepJSON:
                let depth = [UInt8](repeating: UInt8(ascii: "["), count: 500_000)
                client.send(Array(#"{"method":"dev.envd.Control.Status","parameters":"#.utf8) + depth + [0])
            case .wantsMoreOfEverything:
                for method in ["Allow", "Forget", "Wait", "Log", "Diff", "HandOver", "CollectGarbage", "Monitor", ""] {
                    for flags in [#""more":true"#, #""more":true,"oneway":true"#, #""upgrade":true,"more":7"#] {
                        client.send(Array(#"{"method":"dev.envd.Control.\#(method)",\#(flags)}"#.utf8) + [0])
                    }
                }
            case .watchesAndAsks:
                client.send(Array(#"{"method":"dev.envd.Control.Monitor","more":true}"#.utf8) + [0])
                for _ in 0..<20 { client.send(status + [0]) }
            }
        }
    }

    @Test("are cut off or answered, and others are served meanwhile", arguments: ["hook", "control"])
    func habits(socket: String) throws {
        let (home, root, before) = try quietHome()
        let daemon = home.daemonProcess
        for habit in Habit.allCases {
            var clients: [RawClient] = []
            for _ in 0..<FaultPlan.rounds(10, soak: 200) {
                let client = try RawClient(home.runtime / socket)
                habit.act(socket, on: client, in: root)
                clients.append(client)
            }
            try home.envd("status", in: root).expect(0)
            clients = []
            try home.expectDescriptors(atMost: before)
            #expect(home.daemonProcess == daemon, "\(habit)")
        }
        try home.expectWhole(root, imports: "idna")
    }

    @Test("1,000 that watch and never read keep nobody out; each that leaves makes room")
    func watching() throws {
        let (home, root, before) = try quietHome()
        _ = try home.raiseDescriptorLimit()
        let daemon = home.daemonProcess
        let watch = Array(#"{"method":"dev.envd.Control.Monitor","parameters":{},"more":true}"#.utf8) + [0]
        var clients: [RawClient] = []
        for _ in 0..<1000 {
            let client = try RawClient(home.runtime / "control")
            client.send(watch)
            clients.append(client)
        }
        try home.envd("status", in: root).expect(0)
        let refused = try RawClient(home.runtime / "control")
        refused.send(watch)
        refused.endSending()
        let words = String(decoding: try #require(refused.receiveAll()), as: UTF8.self)
        #expect(words.contains("dev.envd.Control.Failed") && words.contains("too many programs"))
        // Something to tell to those that do.
        try home.envd("build", in: root).expect(0)
        try home.envd("wait", in: root).expect(0)
        clients = []
        try home.expectDescriptors(atMost: before)
        let last = try RawClient(home.runtime / "control")
        last.send(watch)
        last.endSending()
        let replies = try #require(last.receiveAll()).split(separator: 0)
        #expect(replies.count == 2 && String(decoding: replies[0], as: UTF8.self).contains(#""continues":true"#))
        #expect(home.daemonProcess == daemon)
        try home.expectWhole(root, imports: "idna")
    }

    @Test("one that sends a byte at a time is answered as if it had sent them at once")
    func byteAtATime() throws {
        let (home, root, before) = try quietHome()
        let (whole, slow) = (try RawClient(home.runtime / "hook"), try RawClient(home.runtime / "hook"))
        let question = RawClient.question(in: root)
        whole.send(question)
        for byte in question { slow.send([byte]) }
        let answer = try #require(whole.receiveAll())
        #expect(answer.count > 4)
        #expect(slow.receiveAll() == answer)
        try home.expectDescriptors(atMost: before)
    }

    @Test("one that says half a question and then nothing is let go as soon as it ends its side")
    func halfAndEnd() throws {
        let (home, _, before) = try quietHome()
        for socket in ["hook", "control"] {
            let client = try RawClient(home.runtime / socket)
            client.send(socket == "hook" ? [200, 0, 0, 0, 0x31] : Array(#"{"method":"#.utf8))
            client.endSending()
            #expect(client.receiveAll() == [])
        }
        try home.expectDescriptors(atMost: before)
    }

    @Test("a hook of a version that is not served is told nothing, at once")
    func unknownVersion() throws {
        let (home, root, before) = try quietHome()
        let client = try RawClient(home.runtime / "hook")
        client.send(HookRequest.frame(Array("2\0ask\0bash\01\0\(root)\0".utf8)))
        #expect(client.receiveAll() == [0, 0, 0, 0])
        try home.expectDescriptors(atMost: before)
    }
}

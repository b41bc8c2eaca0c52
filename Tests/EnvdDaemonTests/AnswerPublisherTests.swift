import EnvdCore
import EnvdLoop
import EnvdProtocol
import EnvdShell
import EnvdSystem
import EnvdTestSupport
import Logging
import Testing

@testable import EnvdDaemon

@Suite("What is published for shells")
struct AnswerPublisherTests {
    init() { EventLoop.startForTests() }

    private func runtime(_ directory: TemporaryDirectory) throws -> RuntimeDirectory {
        let runtime = RuntimeDirectory(directory.path / "envd")
        try runtime.prepare()
        return runtime
    }

    private func tree(_ runtime: RuntimeDirectory) -> AnswerTree { AnswerTree(directory: runtime.path) }

    @LoopActor private func publisher(_ runtime: RuntimeDirectory) -> AnswerPublisher {
        AnswerPublisher(runtime: runtime, logger: Logger(label: "test"))
    }

    @Test("an answer for every shell, gone with its directories when it is taken back")
    func publishing() async throws {
        let directory = try TemporaryDirectory()
        let runtime = try runtime(directory)
        let publisher = await publisher(runtime)
        await publisher.publish(Answer(root: "/home/a b/p", generation: nil))
        for shell in Shell.allCases {
            #expect(FileSystem.exists(tree(runtime).roots / "home/a b/p/enter.\(shell.rawValue)"))
        }
        await publisher.withdraw("/home/a b/p")
        #expect(try FileSystem.list(tree(runtime).roots) == [])
    }

    @Test("what a daemon of before published for others is taken back, a project's own answer stays")
    func withdrawing() async throws {
        let directory = try TemporaryDirectory()
        let runtime = try runtime(directory)
        let before = await publisher(runtime)
        await before.publish(Answer(root: "/p", generation: nil))
        await before.publish(Answer(root: "/p/nested", generation: nil))
        await before.publishAsked("/q", notice: "n")
        await publisher(runtime).withdrawAll(but: ["/p"])
        #expect(try FileSystem.list(tree(runtime).roots) == ["p"])
        #expect(try FileSystem.list(tree(runtime).roots / "p") == ["enter.bash", "enter.fish", "enter.zsh"])
    }

    @Test("an allowed project's answer takes the place of the invitation, and the other way round")
    func exchange() async throws {
        let directory = try TemporaryDirectory()
        let runtime = try runtime(directory)
        let publisher = await publisher(runtime)
        await publisher.publishAsked("/p", notice: "allow it")
        #expect(try FileSystem.list(tree(runtime).roots / "p") == ["asked"])
        await publisher.publish(Answer(root: "/p", generation: nil))
        #expect(try FileSystem.list(tree(runtime).roots / "p") == ["enter.bash", "enter.fish", "enter.zsh"])
        await publisher.publishAsked("/p", notice: nil)
        #expect(try FileSystem.list(tree(runtime).roots / "p") == ["asked"])
    }

    @Test("the state line changes with every opening and names this process")
    func state() async throws {
        let directory = try TemporaryDirectory()
        let runtime = try runtime(directory)
        let publisher = await publisher(runtime)
        #expect(!FileSystem.exists(tree(runtime).state))
        await publisher.open()
        let line = String(decoding: try FileSystem.read(tree(runtime).state), as: UTF8.self)
        #expect(line == "1 \(CurrentUser.processID) 1\n")
    }

    @Test("a directory that was asked about calls no shell, but one whose answer is taken back does")
    func quietly() async throws {
        let directory = try TemporaryDirectory()
        let runtime = try runtime(directory)
        let publisher = await publisher(runtime)
        await publisher.open()
        let opened = try FileSystem.read(tree(runtime).state)
        await publisher.publishAsked("/p", notice: "allow it")
        #expect(try FileSystem.read(tree(runtime).state) == opened)
        await publisher.publish(Answer(root: "/p", generation: nil))
        let published = try FileSystem.read(tree(runtime).state)
        await publisher.publishAsked("/p", notice: nil)
        #expect(try FileSystem.read(tree(runtime).state) != published)
    }

    @Test("a root whose mirror would be too long is no error: its shells ask over the socket")
    func tooLong() async throws {
        let directory = try TemporaryDirectory()
        let runtime = try runtime(directory)
        let publisher = await publisher(runtime)
        let long = Path("/" + Array(repeating: String(repeating: "x", count: 200), count: 30).joined(separator: "/"))
        await publisher.publish(Answer(root: long, generation: nil))
        #expect(!FileSystem.exists(tree(runtime).answers(for: long)))
    }
}

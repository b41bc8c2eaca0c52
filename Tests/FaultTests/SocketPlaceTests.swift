import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Glibc
import Testing

@Suite("What lies where the sockets go", .timeLimit(.minutes(20)))
struct SocketPlaceTests {
    enum Obstacle: CaseIterable { case file, fifo, link, deadSocket }

    @Test("files, pipes, links and dead sockets there are replaced, and where a link leads is left alone")
    func replaced() throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        let treasure = try home.directory.write("treasure", "gold")
        for obstacle in Obstacle.allCases {
            if obstacle == .deadSocket { try home.killDaemon() } else { try home.endDaemon() }
            for name in ["hook", "control"] where obstacle != .deadSocket {
                let place = home.runtime / name
                try FileSystem.remove(place)
                switch obstacle {
                case .file: try home.write(place, "x")
                case .fifo: try FileSystem.makeFifo(place)
                default: try FileSystem.replaceLink(place, to: treasure)
                }
            }
            #expect(try home.expectWhole(root, imports: "idna", note: "\(obstacle)") == 1)
        }
        #expect(try FileSystem.read(treasure) == Array("gold".utf8))
    }

    @Test("a directory there is named, with what to do")
    func directory() throws {
        let home = try Home()
        try FileSystem.makeDirectories(home.runtime / "hook")
        let refused = try home.envd("status", "--all").expect(69)
        #expect(refused.errors.contains("listen on `\(home.runtime)/hook`"), "\(refused.errors)")
        #expect(refused.errors.contains("hint: remove what lies there"), "\(refused.errors)")
        try FileSystem.remove(home.runtime / "hook")
        try home.envd("status", "--all").expect(0)
    }

    @Test("a runtime directory that others can enter is closed; a link in its place is refused")
    func modes() throws {
        let home = try Home()
        try FileSystem.setMode(home.runtime, 0o777)
        try home.envd("status", "--all").expect(0)
        #expect(try FileSystem.status(home.runtime)?.mode == 0o700)
        try home.endDaemon()
        try FileSystem.rename(home.runtime, to: home.path / "run/elsewhere")
        try FileSystem.replaceLink(home.runtime, to: home.path / "run/elsewhere")
        let refused = try home.envd("status", "--all").expect(69)
        #expect(refused.errors.contains("it is a link or another user's\nhint: remove it"), "\(refused.errors)")
        try FileSystem.remove(home.runtime)
        try home.envd("status", "--all").expect(0)
    }

    @Test("a path that is too long for a socket is named with its length and the way out, by daemon and client")
    func longPath() throws {
        let home = try Home()
        let long = home.path / String(repeating: "x", count: 100)
        try FileSystem.makeDirectories(long)
        let length = "\(long)/envd/control".utf8.count
        for command in ["status", "daemon"] {
            let refused = home.envd(command, with: ["XDG_RUNTIME_DIR": long.bytes])
            #expect(refused.status == (command == "daemon" ? 1 : 69))
            #expect(
                refused.errors.contains("would have \(length) bytes, and the kernel takes 107"), "\(refused.errors)")
            #expect(refused.errors.contains("hint: set XDG_RUNTIME_DIR to a directory with a shorter path"))
        }
    }
}

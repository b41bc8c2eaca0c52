import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("envd config")
struct ConfigTests {
    @Test("lists what holds and where it was said, for a user and for a project, and needs no daemon")
    func lists() throws {
        let home = try Home(uv: false)
        try home.directory.write("home/.config/envd/config.toml", "trust = \"ask\"\n\n[store]\nkeep = 2\n")
        let root = try home.project(files: ["envd.toml": "extras = [\"b\", \"a\"]\n", "src/x.py": ""])
        let file = home.path / "home/.config/envd/config.toml"
        let mine = try home.envd("config").expect(0).output.split(separator: "\n").map { words($0) }
        #expect(mine.contains(["store.keep", "2", "\(file):4"]) && mine.contains(["trust", "\"ask\"", "\(file):1"]))
        #expect(mine.contains(["fish.idle", "false", "default"]) && !mine.contains { $0.first == "extras" })
        let its = try home.envd("config", "src", in: root).expect(0).output.split(separator: "\n").map { words($0) }
        #expect(its.contains(["extras", "[\"b\",", "\"a\"]", "\(root)/envd.toml:1"]))
        let document = try home.envd("config", "--json", root.description).expect(0).output
        for piece in ["\"version\" : 1", "\"project\" : \"\(root)\"", "\"value\" : 2", "\"line\" : 4"] {
            #expect(document.contains(piece), "\(piece)")
        }
        try home.write(file, "[store]\nkepe = 2\n")
        let wrong = try home.envd("config").expect(1)
        #expect(wrong.output.contains("store.keep"))
        #expect(wrong.errors.hasPrefix("error: \(file):2:1: could not read `config.toml`: `kepe` is no key here"))
        #expect(wrong.errors.contains("hint: did you mean `keep`?"))
        #expect(try home.envd("config", ".", in: home.outside).expect(1).errors.contains("could not find a project"))
        #expect(home.daemonProcess == nil)
    }

    private func words(_ line: Substring) -> [String] { line.split(separator: " ").map(String.init) }
}

import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Glibc
import Testing

@Suite("Where environments are", .timeLimit(.minutes(20)))
struct StorePlaceTests {
    @Test("`store.path` holds all of it; a path that cannot be one keeps the daemon away, with what to mend")
    func chosen() throws {
        let home = try Home()
        let config = try home.directory.write("home/.config/envd/config.toml", "")
        func refused(_ text: String, _ cause: String, at location: SourceLocation = #_sourceLocation) throws {
            try home.write(config, text)
            let refusal = try home.envd("status", "--all").expect(69)
            #expect(refusal.errors.contains(cause), "\(refusal.errors)", sourceLocation: location)
            #expect(refusal.errors.contains("hint: "), "\(refusal.errors)", sourceLocation: location)
            #expect(home.daemonProcess == nil)
        }
        let odd = home.path / "a b"
        try refused("[store]\npath = \"\(odd)\"\n", "could not use `\(odd)/data` for environments: there is a space")
        #expect(!FileSystem.exists(odd))
        try refused("[store]\npath = \"there\"\n", "config.toml:2:1: could not read `config.toml`: `path` has to be an")
        try refused("[store\npath = 1\n", "could not read `config.toml`")

        try home.write(config, "[store]\npath = \"~/kept\"\nkeep = 3\n")
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        let kept = home.path / "home/kept"
        let status = try home.status(root)
        #expect(status.current?.prefix.hasPrefix("\(kept)/data/projects/p-") == true)
        #expect(FileSystem.exists(kept / "state/envd.db"))
        #expect(try FileSystem.status(kept)?.mode == 0o700)
        #expect(!FileSystem.exists(home.data) && !FileSystem.exists(home.path / "state"))
    }

    @Test("without XDG_RUNTIME_DIR shell, hook and commands meet in the temporary directory")
    func noRuntimeDirectory() throws {
        let home = try Home()
        home.variables["XDG_RUNTIME_DIR"] = nil
        let login = Path("/run/user/\(CurrentUser.id)")
        let hasLogin = (try? FileSystem.status(login))??.owner == CurrentUser.id
        let runtime = hasLogin ? login / "envd" : home.path / "envd-\(CurrentUser.id)"
        try home.envd("status", "--all").expect(0)
        let facts = try #require(try FileSystem.status(runtime))
        #expect(facts.mode == 0o700 && facts.owner == CurrentUser.id)
        let state = String(decoding: try FileSystem.read(runtime / "state"), as: UTF8.self).split(separator: " ")
        let process = try #require(state.count == 3 ? Int32(state[1]) : nil)
        #expect(kill(process, SIGTERM) == 0)
        #expect(home.waitForEnd(of: process))
    }
}

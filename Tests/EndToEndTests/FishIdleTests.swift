import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("fish at its prompt")
struct FishIdleTests {
    /// The project's first environment is built while the shell waits with half a line typed.
    private func waiting(_ home: Home) throws -> HookedShell {
        let root = try home.project(files: ["pyproject.toml": manifest("")])
        let session = try HookedShell(.fish, in: home, directory: root)
        try session.terminal.send("echo ha")
        try session.terminal.expect("echo ha")
        try home.envd("allow", in: root).expect(0)
        try home.envd("wait", in: root).expect(0)
        return session
    }

    @Test("with `fish.idle` it gets a finished environment without a key, and what was typed stays")
    func woken() throws {
        let home = try Home()
        try home.directory.write("home/.config/envd/config.toml", "[fish]\nidle = true\n")
        let session = try waiting(home)
        try session.terminal.expect("(demo) > ", within: 120)
        try session.terminal.send("lf; command -v python\n")
        try session.terminal.expect("/generations/1/bin/python", within: 120)
        #expect(session.terminal.text().contains("half"))
    }

    @Test("without it nothing is written to the user's universal variables")
    func unasked() throws {
        let home = try Home()
        let session = try waiting(home)
        try session.terminal.send("lf\n")
        try session.terminal.expect("(demo) > ", within: 120)
        #expect(try session.output("set -qU _envd_woken; or echo none") == "none")
    }
}

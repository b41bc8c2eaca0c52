import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("Activation by hand")
struct ActivationByHandTests {
    @Test(
        "`envd activate DIR` stays in that project, its next generation too, until `envd activate`",
        arguments: Shell.allCases)
    func directory(shell: Shell) throws {
        let home = try Home()
        let root = try home.ready(files: ["pyproject.toml": manifest("")])
        let session = try HookedShell(shell, in: home)
        let before = try session.environment()
        #expect(try session.run("envd activate '\(root)'").contains("error") == false)
        #expect(try session.generation() == 1)
        try session.run("cd /")
        #expect(try session.generation() == 1)
        try home.write(root / "pyproject.toml", manifest("\"six\""))
        try home.waitForCurrent(2, of: root)
        try session.promptUntil(2)
        try session.run("cd '\(home.outside)'; envd activate")
        #expect(try session.environment() == before)
        #expect(try session.run("envd activate '\(home.outside)'").contains("error: "))
        #expect(try session.environment() == before)
    }

    @Test(
        "`envd activate N` is that generation and no other, until `envd activate` or `envd deactivate`",
        arguments: Shell.allCases)
    func generation(shell: Shell) throws {
        let home = try Home()
        let root = try home.ready(files: ["pyproject.toml": manifest("")])
        try home.write(root / "pyproject.toml", manifest("\"six\""))
        try home.waitForCurrent(2, of: root)
        let session = try HookedShell(shell, in: home)
        let before = try session.environment()
        try session.run("cd '\(root)'")
        #expect(try session.generation() == 2)
        try session.run("envd activate 1")
        #expect(try session.generation() == 1)
        #expect(try session.output("printenv ENVD_PROMPT").hasSuffix(" stale"))
        try session.run("cd '\(home.outside)'")
        #expect(try session.generation() == 1)
        try session.run("envd deactivate")
        #expect(try session.environment() == before)
        try session.run("cd '\(root)'; envd activate 1; envd activate")
        #expect(try session.generation() == 2)
        #expect(try session.output("printenv ENVD_PROMPT") == "demo ready")
        #expect(try session.run("envd activate 7").contains("there are: 1, 2"))
        #expect(try session.generation() == 2)
    }

    @Test("without the hook `envd activate` and `envd deactivate` say what is missing")
    func withoutHook() throws {
        let home = try Home()
        for verb in ["activate", "deactivate"] {
            let said = home.envd(verb, in: home.outside)
            #expect(said.status == 1)
            #expect(said.errors.contains("could not \(verb): this shell has not loaded the hook"))
        }
    }
}

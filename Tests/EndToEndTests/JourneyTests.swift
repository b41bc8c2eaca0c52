import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("The main job, in real shells")
struct JourneyTests {
    @Test(
        "an allowed project is active at a later prompt, and leaving gives back every byte", arguments: Shell.allCases)
    func enterAndLeave(shell: Shell) throws {
        let home = try Home()
        let root = try home.project(files: ["pyproject.toml": manifest("\"idna\"")])
        let session = try HookedShell(shell, in: home)
        let before = try session.environment()
        try session.run("cd '\(root)'")
        #expect(try session.imports("idna") != "yes")
        let answer = try session.output("envd allow")
        #expect(answer.contains("allowed `\(root)`: its environment is built in the background"))
        try home.envd("wait", in: root).expect(0)
        try session.promptUntil(1)
        #expect(try session.imports("idna") == "yes")
        try session.run("cd '\(home.outside)'")
        #expect(try session.environment() == before)
        let python = try session.output("cd '\(root)' && command -v python")
        #expect(python == "\(try home.store(root))/generations/1/bin/python")
        try session.run("cd '\(home.outside)'")
        #expect(try session.environment() == before)
    }

    @Test(
        "a dependency that is added is importable at a later prompt, and no prompt is held", arguments: Shell.allCases)
    func edit(shell: Shell) throws {
        let home = try Home()
        let project = try GatedProject(home, dependencies: "\"idna\"")
        try home.envd("allow", in: project.root).expect(0)
        try home.envd("wait", in: project.root).expect(0)
        let session = try HookedShell(shell, in: home, directory: project.root)
        #expect(try session.generation() == 1)
        try project.closeGate()
        try project.save(dependencies: "\"idna\", \"six\"")
        try project.waitForArrival()
        try home.waitForNotice("building the environment of `gated`", about: project.root)
        let shown = try session.run("true")
        #expect(shown.contains("building the environment of `gated`; the old environment stays until it is ready"))
        #expect(try !session.run("true").contains("building"))
        #expect(try session.generation() == 1)
        #expect(try session.imports("idna") == "yes")
        try project.openGate()
        try home.waitForCurrent(2, of: project.root)
        try session.promptUntil(2)
        #expect(try session.imports("six") == "yes")
    }

    @Test("back to an earlier spec is back to its environment, and no engine runs")
    func wayBack() throws {
        let home = try Home()
        let root = try home.ready(files: ["pyproject.toml": manifest("\"idna\"")])
        let session = try HookedShell(.bash, in: home, directory: root)
        try home.write(root / "pyproject.toml", manifest("\"idna\", \"six\""))
        try home.waitForCurrent(2, of: root)
        let log = try home.envd("log", in: root).expect(0).output
        try home.write(root / "pyproject.toml", manifest("\"idna\""))
        try home.waitForCurrent(1, of: root)
        try session.promptUntil(1)
        #expect(try session.imports("six") != "yes")
        #expect(try home.envd("log", in: root).expect(0).output == log)
        #expect(try home.generations(root) == ["1", "2"])
        #expect(try home.status(root).state == "ready")
    }
}

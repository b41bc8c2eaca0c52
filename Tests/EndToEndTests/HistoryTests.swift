import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Glibc
import Testing

@Suite("The generations of a project")
struct HistoryTests {
    @Test("history tells of each generation when, why and by what it was built, and what changed")
    func history() throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna==3.4\n"])
        try home.write(root / "requirements.txt", "idna==3.7\nsix==1.16.0\n")
        #expect(try home.settledGeneration(root) == 2)
        let document = try HistoryDocument(home.envd("history", "--json", in: root).expect(0).output)
        #expect(document.version == 1)
        #expect(document.generations.map(\.number) == [2, 1])
        #expect(document.generations.map(\.isCurrent) == [true, false])
        #expect(document.generations.map(\.reason) == ["requirements.txt changed", "allowed"])
        #expect(document.generations.map(\.packages) == [2, 1])
        for generation in document.generations {
            #expect(generation.isWhole && generation.drift.isEmpty && generation.bytes > 0)
            #expect(generation.made.hasSuffix("Z") && generation.engine.hasPrefix("uv "))
        }
        #expect(
            document.generations[0].changes == [
                .init(layer: "python", name: "idna", old: "3.4", new: "3.7"),
                .init(layer: "python", name: "six", old: nil, new: "1.16.0"),
            ])
        #expect(document.generations[1].changes == nil)
        let lines = try home.envd("history", in: root).expect(0).output.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines[0].hasPrefix("* 2  ") && lines[0].hasSuffix("  idna 3.4 -> 3.7, + six 1.16.0"))
        #expect(lines[1].hasPrefix("  1  ") && lines[1].contains("  allowed ") && lines[1].contains("  1 package "))
    }

    @Test("diff compares any two generations, by default the one before the current with it")
    func diff() throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna==3.4\nattrs==23.1.0\n"])
        let alone = try home.envd("diff", in: root).expect(1)
        #expect(alone.errors.contains("there is none before it"))
        try home.write(root / "requirements.txt", "idna==3.7\nsix==1.16.0\n")
        #expect(try home.settledGeneration(root) == 2)
        try home.envd("build", in: root).expect(0)
        #expect(try home.settledGeneration(root) == 3)
        let forward = "- attrs 23.1.0\nidna 3.4 -> 3.7\n+ six 1.16.0\n"
        #expect(try home.envd("diff", "1", "2", in: root).expect(0).output == forward)
        #expect(try home.envd("diff", root.description, "1").expect(0).output == forward)
        #expect(try home.envd("diff", "2", "1", in: root).expect(0).output.contains("idna 3.7 -> 3.4"))
        #expect(try home.envd("diff", in: root).expect(0).output == "generations 2 and 3 have the same packages\n")
        let document = try DifferenceDocument(home.envd("diff", "--json", "1", in: root).expect(0).output)
        #expect(document.version == 1 && document.from == 1 && document.to == 3 && document.changes.count == 3)
        #expect(try home.envd("diff", "9", in: root).expect(1).errors.contains("there are: 1, 2, 3"))
        try home.envd("diff", "1", "2", "3", in: root).expect(64)
        try home.envd("diff", "1", "here", in: root).expect(64)
    }
}

@Suite("Going back to an earlier generation")
struct RollbackTests {
    /// A project whose current generation, the second, has six, and whose first has not.
    private func twoGenerations(_ home: Home) throws -> Path {
        let root = try home.ready(files: ["pyproject.toml": manifest("\"idna\"")])
        try home.write(root / "pyproject.toml", manifest("\"idna\", \"six\""))
        #expect(try home.settledGeneration(root) == 2)
        return root
    }

    @Test("it sticks: in shells, after envd wait, a comment, and a restart of the daemon; status tells the way forward")
    func sticks() throws {
        let home = try Home()
        let root = try twoGenerations(home)
        let session = try HookedShell(.bash, in: home, directory: root)
        #expect(try session.generation() == 2)
        let said = try home.envd("rollback", in: root).expect(0).output
        #expect(said.contains("generation 1 of") && said.contains("`envd rollback 2`"))
        #expect(FileSystem.exists(try home.store(root) / "pin.json"))
        try session.promptUntil(1)
        #expect(try session.imports("six") != "yes")
        #expect(try home.settledGeneration(root) == 1)
        let status = try home.status(root)
        #expect(status.state == "ready" && status.rolledBack?.from == 2 && status.rolledBack?.canGoForward == true)
        let words = try home.envd("status", in: root).expect(0).output
        #expect(words.contains("ready (rolled back)") && words.contains("`envd rollback 2` or `envd build`"))
        #expect(try home.envd("history", in: root).expect(0).output.contains("rolled back to"))

        try home.write(root / "pyproject.toml", "# a comment\n" + manifest("\"idna\", \"six\""))
        #expect(try home.settledGeneration(root) == 1)
        let old = home.daemonProcess
        try home.signalDaemon(SIGKILL)
        try home.waitForDaemonsEnd()
        #expect(try home.settledGeneration(root) == 1)
        #expect(home.daemonProcess != old)
        #expect(try home.status(root).rolledBack?.to == 1)
        #expect(try home.generations(root) == ["1", "2"])
    }

    @Test("rollback N goes forward again, and then nothing is rolled back any more")
    func forward() throws {
        let home = try Home()
        let root = try twoGenerations(home)
        try home.envd("rollback", in: root).expect(0)
        try home.envd("rollback", "2", in: root).expect(0)
        #expect(!FileSystem.exists(try home.store(root) / "pin.json"))
        #expect(try home.settledGeneration(root) == 2)
        #expect(try home.status(root).rolledBack == nil)
    }

    @Test("a changed manifest ends it, and what was seen before is current again without an engine")
    func changed() throws {
        let home = try Home()
        let root = try twoGenerations(home)
        try home.envd("rollback", in: root).expect(0)
        try home.write(root / "pyproject.toml", manifest("\"attrs\""))
        #expect(try home.settledGeneration(root) == 3)
        #expect(try home.status(root).rolledBack == nil)
        // Back to what it said at the rollback: the user's word is over, the generation of that spec is taken.
        try home.write(root / "pyproject.toml", manifest("\"idna\", \"six\""))
        #expect(try home.settledGeneration(root) == 2)
        #expect(try home.status(root).rolledBack == nil)
    }

    @Test("envd build ends it with a fresh generation")
    func build() throws {
        let home = try Home()
        let root = try twoGenerations(home)
        try home.envd("rollback", in: root).expect(0)
        try home.envd("build", in: root).expect(0)
        // Asked once more: the first question may have been read together with the order.
        for _ in 1...2 { #expect(try home.settledGeneration(root) == 3) }
        #expect(try home.status(root).rolledBack == nil)
        #expect(try home.version("six", in: root) != nil)
    }

    @Test("it is refused where there is no such generation, a damaged one, or nothing to change")
    func refusals() throws {
        let home = try Home()
        let root = try twoGenerations(home)
        let none = try home.envd("rollback", "7", in: root).expect(1).errors
        #expect(none.contains("there is no generation 7") && none.contains("whole are: 1;"))
        #expect(try home.envd("rollback", "2", in: root).expect(1).errors.contains("is already current"))
        try FileSystem.remove(try home.store(root) / "generations/1/pyvenv.cfg")
        #expect(try home.envd("rollback", "1", in: root).expect(1).errors.contains("generation 1 is damaged"))
        let nothing = try home.envd("rollback", in: root).expect(1).errors
        #expect(nothing.contains("there is no whole generation before 2"))
        try home.envd("rollback", "soon", "1", "2", in: root).expect(64)
        #expect(try home.settledGeneration(root) == 2)
        #expect(try home.status(root).rolledBack == nil)
    }

    @Test("it cancels a build that is under way, and the manifests of that build stay rolled back")
    func duringBuild() throws {
        let home = try Home()
        let project = try GatedProject(home)
        try home.envd("allow", in: project.root).expect(0)
        #expect(try home.settledGeneration(project.root) == 1)
        try project.save(dependencies: "\"idna\"")
        #expect(try home.settledGeneration(project.root) == 2)
        try project.closeGate()
        try project.save(dependencies: "\"idna\", \"six\"")
        try home.waitForNotice("building", about: project.root)
        try project.waitForArrival()
        try home.envd("rollback", "1", in: project.root).expect(0)
        try project.waitForBuildsEnd()
        try project.openGate()
        #expect(try home.settledGeneration(project.root) == 1)
        #expect(try home.status(project.root).rolledBack?.from == 2)
    }

    @Test("where the manifests cannot be read it holds until they can, and the mistake is still told")
    func unreadable() throws {
        let home = try Home()
        let root = try twoGenerations(home)
        try home.write(root / "pyproject.toml", "[project\n")
        #expect(try home.settledGeneration(root) == 2)
        try home.envd("rollback", in: root).expect(0)
        let status = try home.status(root)
        #expect(status.current?.number == 1 && status.state == "failed" && status.rolledBack?.to == 1)
        try home.write(root / "pyproject.toml", manifest("\"idna\", \"six\""))
        #expect(try home.settledGeneration(root) == 2)
        #expect(try home.status(root).rolledBack == nil)
    }
}

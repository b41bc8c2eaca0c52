import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Glibc
import Testing

@Suite("What nobody needs any more")
struct GarbageTests {
    /// A project with that many generations, the last of them current.
    private func generations(_ count: Int, _ home: Home) throws -> Path {
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        for number in 2...max(count, 2) where count > 1 {
            try home.envd("build", in: root).expect(0)
            #expect(try home.settledGeneration(root) == number)
        }
        return root
    }

    private func gc(_ home: Home, _ words: String...) throws -> GarbageDocument {
        try GarbageDocument(home.run(Programs.envd, ["gc", "--json"] + words).expect(0).output)
    }

    @Test("a dry run says what would go and changes nothing; then it goes, and the current one stays")
    func generations() throws {
        let home = try Home()
        let root = try generations(3, home)
        #expect(try gc(home).items.isEmpty)
        let dry = try gc(home, "--dry-run", "--keep", "1")
        #expect(dry.isDryRun && dry.items.map(\.generation) == [1] && dry.freed > 0)
        #expect(try home.generations(root) == ["1", "2", "3"])
        let words = try home.envd("gc", "-n", "--keep", "0").expect(0).output
        #expect(words.contains("would remove generation 2 of `\(root)`: ") && words.contains("would free "))
        #expect(try home.generations(root) == ["1", "2", "3"])
        #expect(try gc(home, "--older-than", "1d").items.isEmpty)
        let done = try gc(home, root.description, "--keep", "0")
        #expect(!done.isDryRun && done.items.map(\.generation) == [1, 2])
        #expect(try home.generations(root) == ["3"])
        #expect(try home.settledGeneration(root) == 3)
        #expect(try home.envd("gc", "--keep", "0").expect(0).output == "there was nothing to remove\n")
        // A number is never given twice.
        try home.envd("build", in: root).expect(0)
        #expect(try home.settledGeneration(root) == 4)
    }

    @Test("what a process stands in stays, and is named with it, until that process is gone")
    func inUse() throws {
        let home = try Home()
        let root = try generations(2, home)
        let prefix = try home.store(root) / "generations/1"
        let process = try Terminal(["/usr/bin/sleep", "600"], environment: [:], workingDirectory: prefix / "lib")
        let spared = try gc(home, "--keep", "0")
        #expect(spared.items.isEmpty && spared.spared.map(\.item.generation) == [1])
        #expect(spared.spared.first?.users.map(\.process) == [process.processIdentifier])
        #expect(
            try home.envd("gc", "--keep", "0").expect(0).output.contains(
                "sleep (\(process.processIdentifier)) works in it"))
        #expect(try home.generations(root) == ["1", "2"])
        kill(process.processIdentifier, SIGKILL)
        #expect(try process.waitForExit(within: 60) != 0)
        #expect(try gc(home, "--keep", "0").items.map(\.generation) == [1])
    }

    @Test("what a shell at its prompt still has stays until it has switched", arguments: Shell.allCases)
    func shellAtItsPrompt(shell: Shell) throws {
        let home = try Home()
        let root = try generations(1, home)
        let session = try HookedShell(shell, in: home, directory: root)
        #expect(try session.generation() == 1)
        try home.envd("build", in: root).expect(0)
        #expect(try home.settledGeneration(root) == 2)
        let spared = try gc(home, "--keep", "0")
        #expect(spared.spared.first?.users.map(\.way) == ["prompt"], "\(spared)")
        #expect(try home.generations(root) == ["1", "2"])
        try session.promptUntil(2)
        // The kernel's clock of a terminal goes in steps of eight seconds.
        let deadline = Deadline.after(milliseconds: 120_000)
        while try home.generations(root) != ["2"], !deadline.hasPassed {
            try session.run("true")
            _ = try gc(home, "--keep", "0")
        }
        #expect(try home.generations(root) == ["2"])
        #expect(try session.imports("idna") == "yes")
    }

    @Test(
        "a generation that `envd activate N` gave a terminal stays as long as that is open", arguments: Shell.allCases)
    func activated(shell: Shell) throws {
        let home = try Home()
        let root = try generations(2, home)
        var session: HookedShell? = try HookedShell(shell, in: home)
        try session?.run("cd '\(root)'; envd activate 1; cd '\(home.outside)'")
        #expect(try session?.generation() == 1)
        #expect(try gc(home, "--keep", "0").spared.first?.users.map(\.way) == ["activated"])
        #expect(try home.generations(root) == ["1", "2"])
        session = nil
        let deadline = Deadline.after(milliseconds: 120_000)
        while try home.generations(root) != ["2"], !deadline.hasPassed { _ = try gc(home, "--keep", "0") }
        #expect(try home.generations(root) == ["2"])
    }

    @Test("what is left over goes, and a project whose directory is gone is only named")
    func leftovers() throws {
        let home = try Home()
        let root = try generations(1, home)
        let store = try home.store(root)
        let (aside, orphan) = (store / "aside-7", home.data / "projects/gone-0123456789abcdef")
        let log = home.path / "state/envd/logs/0123456789abcdef.log"
        let engine = home.data / "engines/uv-0.0.1"
        for path in [aside / "lib", orphan / "generations/1", engine / "bin"] { try FileSystem.makeDirectories(path) }
        try home.write(log, "old\n")
        let lost = try home.project("lost", files: ["requirements.txt": ""])
        try home.envd("allow", in: lost).expect(0)
        try home.envd("wait", in: lost).expect(0)
        try FileSystem.remove(lost)

        let dry = try gc(home, "--dry-run")
        #expect(Set(dry.items.map(\.path)) == Set([aside, orphan, log, engine].map(\.description)), "\(dry)")
        #expect(dry.gone == [lost.description])
        #expect(try gc(home, root.description).items.map(\.kind) == ["put aside"])
        #expect(try Set(gc(home).items.map(\.kind)) == ["leftover", "log", "engine"])
        for path in [aside, orphan, log, engine] { #expect(!FileSystem.exists(path)) }
        #expect(try home.envd("gc").expect(0).output.contains("envd forget \(lost)"))
        try home.envd("forget", lost.description).expect(0)
        #expect(try gc(home).gone.isEmpty)
        #expect(try home.settledGeneration(root) == 1)
    }

    @Test("below `store.max` those go first that were current longest ago; what cannot be kept is told once")
    func budget() throws {
        let home = try Home()
        let root = try generations(2, home)
        try FileSystem.makeDirectories(home.path / "home/.config/envd")
        // Each takes more than that by itself: only the current one is left, and it is too much.
        try home.write(home.path / "home/.config/envd/config.toml", "[store]\nmax = \"20kB\"\n")
        try home.envd("build", in: root).expect(0)
        try FileEvents.wait(in: try home.store(root) / "generations", for: "generation 3 alone") {
            (try? home.generations(root)) == ["3"]
        }
        let deadline = Deadline.after(milliseconds: 120_000)
        var said = ""
        while !said.contains("could not keep the environments below 20.0 kB"), !deadline.hasPassed {
            said = try home.envd("status", in: root).expect(0).errors
        }
        #expect(said.contains("raise `max`"))
        #expect(try home.settledGeneration(root) == 3)
        try home.write(home.path / "home/.config/envd/config.toml", "[store]\nkeep = 0\n")
        try home.envd("build", in: root).expect(0)
        #expect(try home.settledGeneration(root) == 4)
        #expect(try home.generations(root) == ["4"])
    }

    @Test("forget leaves what a process works in to gc; with --purge that goes too")
    func forget() throws {
        let home = try Home()
        for purge in [false, true] {
            let root = try home.ready("p-\(purge)", files: ["requirements.txt": "idna\n"])
            let store = try home.store(root)
            let process = try Terminal(
                ["/usr/bin/sleep", "600"], environment: [:], workingDirectory: store / "generations/1")
            let words = ["forget", root.description] + (purge ? ["--purge"] : [])
            let said = try home.run(Programs.envd, words).expect(0).output
            #expect(said.contains("sleep (\(process.processIdentifier)) works in it"))
            #expect(FileSystem.exists(store / "generations/1") == !purge)
            #expect(!FileSystem.exists(Path(home.runtime.bytes + "/roots" + root.bytes) / "enter.bash"))
            #expect(try home.status(root).state == "not allowed")
            #expect(try FileSystem.list(home.path / "state/envd/logs").isEmpty)
            if !purge {
                // It may be allowed again meanwhile: its numbers go on above what is there.
                try home.envd("allow", root.description).expect(0)
                #expect(try home.settledGeneration(root) == 2)
                #expect(try gc(home).spared.map(\.item.kind) == ["put aside"])
                try home.envd("forget", root.description).expect(0)
            }
            kill(process.processIdentifier, SIGKILL)
            #expect(try process.waitForExit(within: 60) != 0)
            if !purge { #expect(try gc(home).items.map(\.kind) == ["leftover"]) }
            #expect(!FileSystem.exists(store))
        }
    }
}

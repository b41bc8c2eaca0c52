import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Testing

@testable import EnvdShell

@Suite("The plain case in fish")
struct PlainFishTests {
    /// Publishes a project with a Python prefix and nothing beside it.
    private func plain(_ name: String, in world: World, generation: Int = 1) throws -> Path {
        let root = world.path.appending(name)
        let prefix = try world.prefix("gen-\(root.name)-\(generation)")
        let delta = try PythonPrefix.delta(prefix: prefix, name: root.name)
        try world.publish(Answer(root: root, generation: GenerationNumber(generation), delta: delta))
        return root
    }

    @Test("the way of one read sets what the text sets, and gives back every byte")
    func same() throws {
        let world = try World()
        let (first, second) = (try plain("one", in: world), try plain("two é ' \\ $x", in: world))
        try FileSystem.makeDirectories(first / "sub")
        let session = try Session(.fish, in: world)
        let before = try session.environment()
        // The first time nothing is remembered.
        try session.run("cd '\(first)'")
        let byText = try session.environment()
        try session.run("cd '\(world.outside)'")
        #expect(try session.environment() == before)
        #expect(world.switches == 0)
        for _ in 1...2 {
            try session.run("cd '\(first)'")
            #expect(try session.environment() == byText)
            try session.run("cd sub")
            #expect(try session.environment() == byText)
            #expect(try session.output("fish_prompt").hasPrefix("(one) "))
            try session.run("cd \"$HOME/../two é ' \\\\ \\$x\"")
            #expect(try session.value("ENVD_ROOT") == second.description)
            #expect(try session.value("PATH")?.hasPrefix("\(world.path)/gen-\(second.name)-1/bin:/usr") == true)
            #expect(try session.value("VIRTUAL_ENV_PROMPT") == second.name.description)
            try session.run("cd '\(world.outside)'")
            #expect(try session.environment() == before)
            #expect(!(try session.output("fish_prompt").hasPrefix("(")))
        }
    }

    @Test("what the user changed meanwhile stays, and so does what was set before")
    func changed() throws {
        let world = try World()
        let project = try plain("p", in: world)
        let session = try Session(.fish, in: world)
        try session.run("cd '\(project)'; cd '\(world.outside)'")
        let before = try session.environment()
        let changes: [(String, ByteString, ByteString?)] = [
            ("set -gx PATH /first $PATH", "PATH", "/first:" + (before["PATH"] ?? "")),
            ("set -gx VIRTUAL_ENV /mine", "VIRTUAL_ENV", "/mine"),
            ("set -gx PYTHONHOME ''", "PYTHONHOME", ""),
            ("set -e VIRTUAL_ENV_PROMPT", "VIRTUAL_ENV_PROMPT", nil),
        ]
        for (change, name, value) in changes {
            try session.run("cd '\(project)'; \(change); cd '\(world.outside)'")
            var expected = before
            expected[name] = value
            #expect(try session.environment() == expected)
            // And in again with that, which the text has to do, each time.
            for _ in 1...3 {
                try session.run("cd '\(project)'")
                #expect(try session.value("VIRTUAL_ENV") == "\(world.path)/gen-p-1")
                #expect(try session.value("PYTHONHOME") == nil)
                try session.run("cd '\(world.outside)'")
                #expect(try session.environment() == expected)
            }
            try session.run("set -e \(name); set -gx PATH \(before["PATH"] ?? "")")
        }
        // A new generation comes while the shell is inside.
        try session.run("cd '\(project)'")
        _ = try plain("p", in: world, generation: 2)
        try session.run("true")
        #expect(try session.value("VIRTUAL_ENV") == "\(world.path)/gen-p-2")
        try session.run("cd '\(world.outside)'")
        #expect(try session.environment() == before)
    }

    @Test("what was set outside is hidden or given back at each visit", arguments: ["/foo", "a#b", "*", ""])
    func setBefore(value: String) throws {
        let world = try World()
        let project = try plain("p", in: world)
        for name in ["VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "UV_PROJECT_ENVIRONMENT", "PYTHONHOME"] {
            let session = try Session(.fish, in: world)
            // A visit without it first: what that left in memory is for nobody else.
            for _ in 1...2 { try session.run("cd '\(project)'; cd '\(world.outside)'") }
            try session.run("set -gx \(name) '\(value)'")
            let before = try session.environment()
            for _ in 1...3 {
                try session.run("cd '\(project)'")
                #expect(try session.value("VIRTUAL_ENV") == "\(world.path)/gen-p-1")
                #expect(try session.value("PYTHONHOME") == nil)
                try session.run("cd '\(world.outside)'")
                #expect(try session.environment() == before, "\(name)")
            }
        }
    }

    @Test("a variable of the caller's own does not become the shell's, an empty PATH ends nothing")
    func shadowed() throws {
        let world = try World()
        let (first, second) = (try plain("a", in: world), try plain("b", in: world))
        let session = try Session(.fish, in: world)
        for _ in 1...2 { try session.run("cd '\(first)'; cd '\(second)'; cd '\(world.outside)'") }
        let before = try session.environment()
        for statement in ["set -lx PATH $PATH /last", "set -lx PATH /opt/x $PATH", "set -lx VIRTUAL_ENV /v"] {
            try session.run(
                "function b; \(statement); cd '\(first)'; cd '\(second)'; cd '\(world.outside)'; end; b; functions -e b"
            )
            #expect(try session.environment() == before, "\(statement)")
            try session.run("function b; \(statement); cd '\(first)'; end; b; functions -e b")
            #expect(try session.value("VIRTUAL_ENV") == "\(world.path)/gen-a-1", "\(statement)")
            try session.run("cd '\(world.outside)'")
            #expect(try session.environment() == before, "\(statement)")
        }
        #expect(
            try session.output("set -g S $PATH; set -e PATH; cd '\(first)'; cd '\(world.outside)'; set -gx PATH $S")
                == "")
        #expect(try session.environment() == before)
    }

    @Test("functions of the user's that are called like our commands are not called")
    func functions() throws {
        let world = try World()
        let project = try plain("p", in: world)
        let session = try Session(.fish, in: world)
        let before = try session.environment()
        try session.run(
            "function path; echo mine; end; function contains; echo mine; end; function source; echo mine; end")
        for _ in 1...3 {
            // fish's own functions use these by name, and say so elsewhere.
            #expect(try session.output("cd '\(project)'; cd '\(world.outside)'", silent: false) == "")
            #expect(try session.environment() == before)
        }
    }

    @Test("the short ways hold only while the state does, also between two commands of one line")
    func anotherState() throws {
        let world = try World()
        let (project, late) = (try plain("p", in: world), world.path / "late")
        try FileSystem.makeDirectories(late)
        let session = try Session(.fish, in: world)
        for _ in 1...2 { try session.run("cd '\(project)'; cd '\(late)'") }
        // What the daemon would do, done by the shell.
        let elsewhere = AnswerTree(directory: world.path / "elsewhere")
        try elsewhere.publish(
            Answer(
                root: late, generation: GenerationNumber(1),
                delta: try PythonPrefix.delta(prefix: try world.prefix("gen-late"), name: "late")))
        try FileSystem.makeDirectories(world.answers.answers(for: late))
        let published = "mv '\(elsewhere.answers(for: late))/'* '\(world.answers.answers(for: late))/'"
        let withdrawn = "rm '\(world.answers.answers(for: project))/'*"
        let told = { (state: String) in
            "mv '\(world.answers.now)/'* '\(world.answers.now)/\(state)'; echo '\(state)' >'\(world.answers.state)'"
        }
        let root = "echo \"<$ENVD_ROOT>\""
        #expect(
            try session.output("begin; cd '\(project)'; \(published); \(told("1 1 77")); cd '\(late)'; \(root); end")
                == "<\(late)>\n")
        for _ in 1...2 { try session.run("cd '\(project)'; cd '\(world.outside)'") }
        #expect(
            try session.output("begin; \(withdrawn); \(told("1 1 78")); cd '\(project)'; \(root); end 2>&1")
                == "<>\n")
        #expect(!session.terminal.text().contains("warning"))
    }

    @Test("the short way out sees a link that leads there now, and a manifest that appeared")
    func changedOutside() throws {
        let world = try World()
        let (project, other) = (try plain("p", in: world), try plain("q", in: world))
        let (linked, asking) = (world.path / "linked", world.path / "asking")
        for place in [linked / "sub", other / "sub", asking] { try FileSystem.makeDirectories(place) }
        let session = try Session(.fish, in: world)
        for place in [linked / "sub", asking] {
            for _ in 1...2 { try session.run("cd '\(project)'; cd '\(place)'") }
        }
        try FileSystem.rename(linked, to: world.path / "away")
        try FileSystem.replaceLink(linked, to: other)
        try session.run("cd '\(project)'; cd '\(linked)/sub'")
        #expect(try session.value("ENVD_ROOT") == other.description)
        try session.run("cd '\(project)'; cd '\(world.outside)'")
        let calls = world.calls.count
        try FileSystem.replace(asking / "setup.cfg", with: [])
        try session.run("cd '\(project)'; cd '\(asking)'")
        #expect(try session.value("ENVD_ROOT") == nil)
        #expect(world.calls.suffix(from: calls) == ["ask fish"])
    }

    @Test("from one project to the other it is the short way too, without a look outside between")
    func between() throws {
        let world = try World()
        let roots = [try plain("a", in: world), try plain("b", in: world)]
        let session = try Session(.fish, in: world)
        let before = try session.environment()
        for round in 1...4 {
            for root in roots {
                try session.run("cd '\(root)'")
                let inside = try session.environment()
                #expect(inside["ENVD_ROOT"] == root.bytes)
                #expect(inside["PATH"] == (world.path / "gen-\(root.name)-1/bin").bytes + ":" + (before["PATH"] ?? ""))
                if round > 2 { #expect(try session.output("echo \"<$_envd_long>\"") == "<>\n") }
            }
        }
        try session.run("cd '\(world.outside)'")
        #expect(try session.environment() == before)
    }

    @Test("a daemon that ends is noticed where its state was good before")
    func ended() throws {
        let world = try World()
        let session = try Session(.fish, in: world)
        // Any process that a test can end and see the end of.
        let daemon = try Session(.fish, in: world)
        try world.bumpState(process: try #require(Int32(try daemon.output("echo $fish_pid").trimmingNewline)))
        for _ in 1...3 { try session.run("true") }
        let calls = world.calls.count
        try daemon.terminal.send("exit\n")
        _ = try daemon.terminal.waitForExit()
        for _ in 1...3 { try session.run("true") }
        #expect(world.calls.count == calls + 1)
    }

    @Test("values that a line cannot hold, and anything beside the prefix, are left to the text")
    func notPlain() throws {
        let root: Path = "/p"
        let prefix = { (path: Path) in
            Answer(
                root: root, generation: GenerationNumber(1),
                delta: try PythonPrefix.delta(prefix: path, name: "n"))
        }
        #expect(PlainFishAnswer(try prefix("/gen")) != nil)
        #expect(PlainFishAnswer(try prefix("/g#n")) == nil)
        #expect(PlainFishAnswer(try prefix("/g\nn")) == nil)
        var more = try prefix("/gen")
        more.delta.additions.append(.init(variable: .libraryPath, entries: ["/l"]))
        #expect(PlainFishAnswer(more) == nil)
    }
}

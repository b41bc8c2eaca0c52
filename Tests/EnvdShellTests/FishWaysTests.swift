import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Testing

@testable import EnvdShell

/// What is more than a Python prefix: libraries, conda's count.
@Suite("The short ways in fish")
struct FishWaysTests {
    /// Everything that a quoted word or a record of ENVD_UNDO has to keep.
    private static let odd: ByteString = "o'd \"d\" ~ ; % %7E # $x \\ * é"

    private func visit(_ directory: Path) -> String {
        String(decoding: Array("cd ".utf8) + Shell.fish.quoted(directory.bytes), as: UTF8.self)
    }

    private func name(_ text: String) throws -> VariableName { try #require(VariableName(text)) }

    private func publish(_ root: Path, _ delta: Delta, generation: Int = 1, in world: World) throws {
        try world.publish(Answer(root: root, generation: GenerationNumber(generation), delta: delta))
    }

    private func conda(_ prefix: Path, name label: ByteString = "name") throws -> Delta {
        var delta = try Claim.condaDelta(prefix)
        delta.assignments = [
            .init(variable: .condaPrefix, value: prefix.bytes),
            .init(variable: .condaDefaultEnvironment, value: label),
            .init(variable: .condaPromptModifier, value: "(" + label + ") "),
            .init(variable: try name("GDAL_DATA"), value: Self.odd),
        ]
        return delta
    }

    /// What a program gets, without envd's own.
    private func inside(_ session: Session) throws -> [ByteString: ByteString] {
        try session.environment().ofTheUser
    }

    @Test(
        "conda's count takes no long way where conda has nothing active, or its base, and every byte comes back",
        arguments: [
            [:], ["CONDA_SHLVL": "0", "CONDA_EXE": "/base/bin/conda"],
            [
                "CONDA_SHLVL": "1", "CONDA_PREFIX": "/b a's\\e", "CONDA_DEFAULT_ENV": "base",
                "CONDA_PROMPT_MODIFIER": "(\"base\" $x *) ",
            ],
        ] as [[ByteString: ByteString]])
    func condaCounts(outside: [ByteString: ByteString]) throws {
        let world = try World()
        let (first, second) = (world.path.appending(Path(Self.odd)), world.path / "q")
        let delta = try conda(try world.prefix("gen 'n' ~;% \\"), name: Self.odd)
        let other = try conda(try world.prefix("gen-q"))
        try publish(first, delta, in: world)
        try publish(second, other, in: world)
        try FileSystem.makeDirectories(first / "sub")
        let session = try Session(.fish, in: world, environment: outside)
        let before = try session.environment()
        for _ in 1...3 {
            try session.run(visit(first))
            #expect(try inside(session) == delta.applied(to: before))
            try session.run("cd sub")
            #expect(try inside(session) == delta.applied(to: before))
            try session.run(visit(second))
            #expect(try inside(session) == other.applied(to: before))
            #expect(try session.output("fish_prompt").hasPrefix("(name) "))
            try session.run(visit(world.outside))
            #expect(try session.environment() == before)
            #expect(try !session.output("fish_prompt").hasPrefix("("))
        }
        #expect(world.switches == 0)
        // What any other program undoes by ENVD_UNDO is the same.
        for root in [first, second] {
            try session.run(visit(root))
            #expect(Delta.left(try session.environment()) == before)
            try session.run(visit(world.outside))
        }
    }

    @Test(
        "what conda has active outside and ENVD_UNDO would have to escape comes back by the long way",
        arguments: ["CONDA_PREFIX", "CONDA_DEFAULT_ENV", "CONDA_PROMPT_MODIFIER"] as [ByteString],
        ["a~b", "%41", "x;y", "n#", "li\nne"] as [ByteString])
    func escaped(name: ByteString, value: ByteString) throws {
        let world = try World()
        let project = world.path / "p"
        let delta = try conda(try world.prefix("gen"))
        try publish(project, delta, in: world)
        var outside: [ByteString: ByteString] = [
            "CONDA_SHLVL": "1", "CONDA_PREFIX": "/base", "CONDA_DEFAULT_ENV": "base",
            "CONDA_PROMPT_MODIFIER": "(base) ",
        ]
        outside[name] = value
        let session = try Session(.fish, in: world, environment: outside)
        let before = try session.environment()
        for _ in 1...2 {
            try session.run(visit(project))
            let now = try session.environment()
            #expect(now.ofTheUser == delta.applied(to: before))
            #expect(Delta.left(now) == before)
            try session.run(visit(world.outside))
            #expect(try session.environment() == before)
        }
        #expect(world.switches > 0)
    }

    @Test("from one kind of project to another, with another name and a new generation, it is the short way too")
    func between() throws {
        let world = try World()
        let (plain, libraries, conda) = (world.path / "a", world.path / "b", world.path / "c")
        let deltas = [
            plain: try PythonPrefix.delta(prefix: try world.prefix("gen-a"), name: "a"),
            libraries: try world.delta("gen-b"), conda: try self.conda(try world.prefix("gen-c")),
        ]
        for (root, delta) in deltas { try publish(root, delta, in: world) }
        let session = try Session(.fish, in: world)
        let before = try session.environment()
        for _ in 1...3 {
            for root in [plain, libraries, plain, conda, libraries, conda, plain] {
                try session.run(visit(root))
                #expect(try inside(session) == deltas[root]?.applied(to: before))
                #expect(try session.output("fish_prompt").hasPrefix("(\(deltas[root]?.promptLabel ?? ""))"))
            }
            try session.run(visit(world.outside))
            #expect(try session.environment() == before)
        }
        try session.run(visit(conda))
        let next = try self.conda(try world.prefix("gen-c-2"), name: "second")
        try publish(conda, next, generation: 2, in: world)
        try session.run("true")
        #expect(try inside(session) == next.applied(to: before))
        #expect(try session.output("fish_prompt").hasPrefix("(second) "))
        // Libraries no more: one line says it all now.
        try session.run(visit(libraries))
        let fewer = try PythonPrefix.delta(prefix: try world.prefix("gen-b-2"), name: "b")
        try publish(libraries, fewer, generation: 2, in: world)
        try session.run("true")
        #expect(try inside(session) == fewer.applied(to: before))
        try session.run(visit(world.outside))
        #expect(try session.environment() == before)
        #expect(world.switches == 0)
    }

    @Test("a way that an older answer had is not taken for a newer one that has none")
    func outdated() throws {
        let world = try World()
        let project = world.path / "p"
        try publish(project, try world.delta("gen-1"), in: world)
        let session = try Session(.fish, in: world)
        let before = try session.environment()
        for _ in 1...2 { try session.run("\(visit(project)); \(visit(world.outside))") }
        var delta = try world.delta("gen-2")
        delta.appendices.append(.init(variable: .path, entries: ["/last"]))
        try publish(project, delta, generation: 2, in: world)
        for _ in 1...2 {
            try session.run(visit(project))
            #expect(try inside(session) == delta.applied(to: before))
            try session.run(visit(world.outside))
            #expect(try session.environment() == before)
        }
        #expect(world.switches > 0)
    }

    @Test("what was set outside is given back at each visit, also where none was before", arguments: ["/l", ""])
    func setBefore(value: String) throws {
        let world = try World()
        let (libraries, conda) = (world.path / "b", world.path / "c")
        try publish(libraries, try world.delta("gen-b"), in: world)
        try publish(conda, try self.conda(try world.prefix("gen-c")), in: world)
        let session = try Session(.fish, in: world)
        for _ in 1...2 { try session.run("\(visit(libraries)); \(visit(conda)); \(visit(world.outside))") }
        for name in ["LD_LIBRARY_PATH", "UV_PROJECT_ENVIRONMENT", "PYTHONHOME", "CONDA_SHLVL", "GDAL_DATA", "LATE"] {
            try session.run("set -gx \(name) '\(value)'")
            let before = try session.environment()
            for _ in 1...2 {
                for (root, prefix) in [(libraries, "gen-b"), (conda, "gen-c")] {
                    try session.run(visit(root))
                    #expect(try session.program("python") == "\(world.path)/\(prefix)/bin/python")
                    try session.run(visit(world.outside))
                    #expect(try session.environment() == before, "\(name)")
                }
            }
            try session.run("set -e \(name)")
        }
    }

    @Test(
        "what the user changed inside stays", arguments: ["LD_LIBRARY_PATH", "CONDA_SHLVL", "VIRTUAL_ENV", "GDAL_DATA"])
    func changed(name: String) throws {
        let world = try World()
        let (libraries, conda) = (world.path / "b", world.path / "c")
        try publish(libraries, try world.delta("gen-b"), in: world)
        try publish(conda, try self.conda(try world.prefix("gen-c")), in: world)
        let session = try Session(.fish, in: world)
        for _ in 1...2 { try session.run("\(visit(libraries)); \(visit(conda)); \(visit(world.outside))") }
        var expected = try session.environment()
        expected[ByteString(name)] = "7"
        for root in [libraries, conda] {
            try session.run("\(visit(root)); set -gx \(name) 7; \(visit(world.outside))")
            #expect(try session.environment() == expected)
            try session.run("set -e \(name)")
        }
    }
}

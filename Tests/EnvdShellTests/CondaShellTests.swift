import EnvdCore
import EnvdShell
import EnvdSystem
import EnvdTestSupport
import Testing

/// What conda's variables and scripts do in shells; what they should be stands in conda's `activate.py`.
@Suite("A conda environment in shells")
struct CondaShellTests {
    /// What conda may have left in a shell outside.
    static let outsides: [[ByteString: ByteString]] = [
        [:],
        ["CONDA_SHLVL": "0", "CONDA_EXE": "/base/bin/conda"],
        [
            "CONDA_SHLVL": "1", "CONDA_PREFIX": "/base", "CONDA_DEFAULT_ENV": "base",
            "CONDA_PROMPT_MODIFIER": "(base) ",
            "GDAL_DATA": "/outer gdal", "CATALOG": "first",
        ],
        [
            "CONDA_SHLVL": "1", "CONDA_PREFIX": "/base", "CONDA_DEFAULT_ENV": "base",
            "CONDA_PROMPT_MODIFIER": "(base) ",
        ],
        [
            "CONDA_SHLVL": "2", "CONDA_PREFIX": "/two", "CONDA_PREFIX_1": "/base", "CONDA_DEFAULT_ENV": "two",
            "CONDA_PROMPT_MODIFIER": "(two) ",
        ],
        ["CONDA_SHLVL": "1"],
        ["CONDA_SHLVL": "nonsense", "VIRTUAL_ENV": "/venv", "LATE": "/usr/bin:/mine", "CATALOG": ""],
    ]

    static func delta(_ prefix: Path) throws -> Delta {
        func name(_ text: String) throws -> VariableName { try #require(VariableName(text)) }
        return Delta(
            additions: [.init(variable: .path, entries: [(prefix / "bin").bytes])],
            appendices: [.init(variable: try name("LATE"), entries: ["/mine", "/e l"])],
            assignments: [
                .init(variable: .condaPrefix, value: prefix.bytes),
                .init(variable: .condaDefaultEnvironment, value: "name"),
                .init(variable: .condaPromptModifier, value: "(name) "),
                .init(variable: try name("GDAL_DATA"), value: "/a 'b'\n"),
            ],
            extensions: [
                .init(variable: try name("CATALOG"), before: "", after: " second", otherwise: "second"),
                .init(variable: try name("CC"), before: "", after: "", otherwise: "/p/bin/cc"),
            ],
            removals: [.virtualEnv], conda: .init(variables: [try name("GDAL_DATA")]))
    }

    static func isOurs(_ name: ByteString) -> Bool { name.bytes.starts(with: "ENVD_".utf8) }

    @Test(
        "conda's count and variables are as `conda activate --stack` has them, and nothing stays",
        arguments: Shell.allCases, outsides.indices)
    func stacked(shell: Shell, outside: Int) throws {
        let world = try World()
        let (project, other) = (world.path / "p", world.path / "q")
        for (root, number) in [(project, 1), (other, 1)] {
            let prefix = try world.prefix("gen-\(root.name)-\(number)")
            try world.publish(
                Answer(root: root, generation: GenerationNumber(number), delta: try Self.delta(prefix)))
        }
        let session = try Session(shell, in: world, environment: Self.outsides[outside])
        let before = try session.environment()
        let inside = try Self.delta(world.path / "gen-p-1").applied(to: before)
        for _ in 1...2 {
            try session.run("cd '\(project)'")
            #expect(try session.environment().filter { !Self.isOurs($0.key) } == inside)
            // A shell in it leaves by itself.
            let child = try session.output("\(shell.program) -c 'cd \(world.outside); true; echo $CONDA_PREFIX'")
            let left = before["CONDA_PREFIX"]?.description ?? ""
            #expect(child == "\(left)\n" || child == "\(world.path)/gen-p-1\n")
            try session.run("cd '\(other)'")
            #expect(
                try session.environment().filter { !Self.isOurs($0.key) }
                    == Self.delta(world.path / "gen-q-1").applied(to: before))
            try session.run("cd '\(world.outside)'")
            #expect(try session.environment() == before)
        }
        // The next generation counts no higher.
        try session.run("cd '\(project)'")
        let next = try Self.delta(try world.prefix("gen-p-2"))
        try world.publish(Answer(root: project, generation: GenerationNumber(2), delta: next))
        try session.run("true")
        #expect(try session.environment().filter { !Self.isOurs($0.key) } == next.applied(to: before))
        try session.run("cd '\(world.outside)'")
        #expect(try session.environment() == before)
    }

    @Test(
        "what conda did by hand inside stays, through the next generation and after leaving", arguments: Shell.allCases)
    func byHand(shell: Shell) throws {
        let world = try World()
        let project = world.path / "p"
        func publish(_ number: Int) throws {
            let delta = try Self.delta(try world.prefix("gen-p-\(number)"))
            try world.publish(Answer(root: project, generation: GenerationNumber(number), delta: delta))
        }
        try publish(1)
        let session = try Session(shell, in: world)
        try session.run("cd '\(project)'")
        // As `conda activate /other` has it.
        for (name, value) in [
            ("CONDA_PREFIX_1", "\(world.path)/gen-p-1"), ("CONDA_PREFIX", "/other"), ("CONDA_SHLVL", "2"),
            ("CONDA_DEFAULT_ENV", "/other"),
        ] {
            try session.run(shell.export(name, value))
        }
        try publish(2)
        try session.run("true")
        for _ in 1...2 {
            let now = try session.environment()
            #expect(now["CONDA_PREFIX"] == "/other")
            #expect(now["CONDA_SHLVL"] == "2")
            #expect(now["CONDA_PREFIX_1"]?.description == "\(world.path)/gen-p-1")
            #expect(now["CONDA_PREFIX_2"] == nil)
            #expect(now["CONDA_STACKED_3"] == nil)
            try session.run("cd '\(world.outside)'")
        }
    }

    @Test(
        "scripts are read on entering and on leaving; what they leave behind is undone", arguments: [Shell.bash, .zsh])
    func scripts(shell: Shell) throws {
        let world = try World()
        func file(_ name: String, _ text: String) throws -> Path {
            try world.directory.write("projects/p/generations/1/etc/conda/deactivate.d/\(name)", text)
        }
        func name(_ text: String) throws -> VariableName { try #require(VariableName(text)) }
        let entering = [
            try file("a.sh", "export FIRST=\"a$FIRST\" ; greet() { echo \"greeting $CONDA_PREFIX\"; }\n"),
            try file(
                "b c.sh",
                "cd /; IFS=:; export FIRST=\"b$FIRST\"; PATH=/script/bin:$PATH; echo $NOT_SET_ANYWHERE; false\n"),
            try file("gone.sh", "export FIRST=never"),
        ]
        let leaving = [
            try file("z.sh", "unset -f greet; export TRACE=z$TRACE\n"),
            try file("y.sh", "export TRACE=y$TRACE\nfalse\n"),
        ]
        try FileSystem.remove(entering[2])
        let prefix = try world.prefix("gen")
        var delta = Delta(
            additions: [.init(variable: .path, entries: [(prefix / "bin").bytes])],
            assignments: [.init(variable: .condaPrefix, value: prefix.bytes)], conda: .init(variables: []))
        delta.scripts = .init(
            entering: entering, leaving: leaving, additions: [.init(variable: .path, entries: ["/script/bin"])],
            extensions: [.init(variable: try name("FIRST"), before: "ba", after: "", otherwise: "ba")])
        let project = world.path / "p"
        try world.publish(Answer(root: project, generation: GenerationNumber(1), delta: delta))
        let session = try Session(
            shell, in: world, before: "set -u", environment: ["FIRST": "mine", "TRACE": "t", "PYTHONHOME": "h"])
        let before = try session.environment()
        let said = try session.run("cd '\(project)'")
        #expect(try session.output("pwd") == "\(project)\n")
        #expect(said.contains("b c.sh ended with status 1"))
        #expect(try session.output("greet") == "greeting \(prefix)\n")
        #expect(try session.value("FIRST") == "bamine")
        #expect(try session.value("PATH")?.hasPrefix("/script/bin:\(prefix)/bin:") == true)
        try session.run("cd '\(world.outside)'")
        var expected = before
        // Only what the scripts for leaving did themselves, in their order.
        expected["TRACE"] = "yzt"
        #expect(try session.environment() == expected)
        #expect(try session.run("greet").contains("not found"))
        // Never said twice.
        #expect(try !session.run("cd '\(project)'").contains("ended with status"))
        // A shell that inherits all of it leaves it, too.
        #expect(
            try session.output("\(shell.interactiveChild) -c 'true'; echo $FIRST") == "bamine\n")
        try session.run("cd '\(world.outside)'")
        expected["TRACE"] = "yzyzt"
        #expect(try session.environment() == expected)
    }

    @Test(
        "of an inherited list of scripts for leaving only the user's own in envd's prefixes are read",
        arguments: [Shell.bash, .zsh])
    func inherited(shell: Shell) throws {
        let world = try World()
        let evil = "export EVIL=$EVIL.; : >'\(world.path)/evil'\n"
        let far = try world.directory.write("far.sh", evil)
        let place = "projects/p/generations/1/etc/conda/deactivate.d"
        let near = try world.directory.write("\(place)/a.sh", "export NEAR=1\n")
        let scripts = [
            "\(far)", "\(world.path)/\(place)/../../../../../../../../far.sh", "/etc/profile", "\(near)", "",
        ]
        let session = try Session(
            shell, in: world,
            environment: [
                "ENVD_ROOT": "/any", "ENVD_UNDO": ByteString("1" + scripts.map { ";!" + $0 }.joined()),
            ])
        #expect(!FileSystem.exists(world.path / "evil"))
        let environment = try session.environment()
        #expect(environment["NEAR"] == "1")
        #expect(environment["ENVD_UNDO"] == nil && environment["ENVD_ROOT"] == nil)
    }

    @Test("fish gets what the scripts did when they were recorded")
    func recorded() throws {
        let world = try World()
        let first = try #require(VariableName("FIRST"))
        let prefix = try world.prefix("gen")
        var delta = Delta(
            additions: [.init(variable: .path, entries: [(prefix / "bin").bytes])],
            assignments: [
                .init(variable: first, value: "early"), .init(variable: .condaPrefix, value: prefix.bytes),
            ], conda: .init(variables: []))
        delta.scripts = .init(
            entering: [world.path / "a.sh"], leaving: [],
            additions: [.init(variable: .path, entries: ["/script/bin"])],
            assignments: [.init(variable: first, value: "late")])
        let project = world.path / "p"
        try world.publish(Answer(root: project, generation: GenerationNumber(1), delta: delta))
        let session = try Session(.fish, in: world)
        let before = try session.environment()
        try session.run("cd '\(project)'")
        #expect(try session.value("FIRST") == "late")
        #expect(try session.value("PATH")?.hasPrefix("/script/bin:\(prefix)/bin:") == true)
        try session.run("cd '\(world.outside)'")
        #expect(try session.environment() == before)
        #expect(world.switches == 0)
    }

    @Test("the prompt shows the name as conda does, and nothing where conda is told not to", arguments: Shell.allCases)
    func prompt(shell: Shell) throws {
        let world = try World()
        for (name, modifier) in [("shown", "(name) "), ("hidden", "")] as [(String, ByteString)] {
            let delta = Delta(assignments: [
                .init(variable: .condaDefaultEnvironment, value: "name"),
                .init(variable: .condaPromptModifier, value: modifier),
            ])
            let root = world.path.appending(Path(ByteString(name)))
            try world.publish(Answer(root: root, generation: GenerationNumber(1), delta: delta))
        }
        let session = try Session(shell, in: world)
        let read = shell == .fish ? "fish_prompt" : "echo \"$PS1\""
        let before = try session.output(read)
        try session.run("cd '\(world.path)/shown'")
        #expect(try session.output(read) == "(name) " + before)
        try session.run("cd '\(world.path)/hidden'")
        #expect(try session.output(read) == before)
    }
}

extension Shell {
    fileprivate var interactiveChild: String { "\(program) \(self == .zsh ? "-f" : "--norc")" }
}

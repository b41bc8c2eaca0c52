import EnvdCore
import EnvdShell
import EnvdSystem
import EnvdTestSupport
import Testing

extension Claim {
    /// What conda may have left in a shell outside, in words.
    private static let outsides: [(String, [ByteString: ByteString])] = [
        ("no conda", [:]),
        ("conda that is ready and has nothing active", ["CONDA_SHLVL": "0", "CONDA_EXE": "/base/bin/conda"]),
        (
            "conda's base and its variables",
            [
                "CONDA_SHLVL": "1", "CONDA_PREFIX": "/base", "CONDA_DEFAULT_ENV": "base",
                "CONDA_PROMPT_MODIFIER": "(base) ", "GDAL_DATA": "/outer gdal", "CATALOG": "first",
            ]
        ),
        (
            "two of conda's environments",
            [
                "CONDA_SHLVL": "2", "CONDA_PREFIX": "/two", "CONDA_PREFIX_1": "/base", "CONDA_DEFAULT_ENV": "two",
                "CONDA_PROMPT_MODIFIER": "(two) ",
            ]
        ),
        ("a count without a prefix", ["CONDA_SHLVL": "1"]),
        (
            "a count that is none, and a venv",
            ["CONDA_SHLVL": "nonsense", "VIRTUAL_ENV": "/venv", "LATE": "/usr/bin:/mine", "CATALOG": ""]
        ),
    ]

    /// A conda environment with something of each kind.
    static func condaDelta(_ prefix: Path) throws -> Delta {
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

    /// Publishes a conda project, and gives its delta.
    @discardableResult
    private static func publish(_ scene: Scene, _ name: String, generation: Int = 1) throws -> Delta {
        let delta = try condaDelta(try scene.world.prefix("gen-\(name)-\(generation)"))
        try scene.world.publish(
            Answer(root: scene.world.path / name, generation: GenerationNumber(generation), delta: delta))
        return delta
    }

    /// What conda's variables are; what they should be stands in conda's `activate.py`.
    static let conda: [Claim] =
        outsides.enumerated().map { index, outside in
            Claim(
                "conda-stack-\(index + 1)", .pythonAndConda,
                "conda's variables are as `conda activate --stack` has them, over \(outside.0)"
            ) { scene in
                let (inP, inQ) = (try publish(scene, "p"), try publish(scene, "q"))
                let (project, other) = (scene.world.path / "p", scene.world.path / "q")
                let session = try scene.session(environment: outside.1)
                let before = try session.environment()
                for _ in 1...2 {
                    try session.silently("cd '\(project)'")
                    #expect(try session.environment().ofTheUser == inP.applied(to: before))
                    try session.silently("cd '\(other)'")
                    #expect(try session.environment().ofTheUser == inQ.applied(to: before))
                    try session.silently("cd '\(scene.outside)'")
                    #expect(try session.environment() == before)
                }
                // The next generation counts no higher.
                try session.silently("cd '\(project)'")
                let next = try publish(scene, "p", generation: 2)
                try session.silently("true")
                #expect(try session.environment().ofTheUser == next.applied(to: before))
                try session.silently("cd '\(scene.outside)'")
                #expect(try session.environment() == before)
            }
        } + [
            Claim("conda-by-hand", .pythonAndConda, "a `conda activate` by hand inside P survives leaving P") { scene in
                try publish(scene, "p")
                let session = try scene.session()
                try session.silently("cd '\(scene.world.path)/p'")
                // As `conda activate /other` has it.
                for (name, value) in [
                    ("CONDA_PREFIX_1", "\(scene.prefix())"), ("CONDA_PREFIX", "/other"), ("CONDA_SHLVL", "2"),
                    ("CONDA_DEFAULT_ENV", "/other"),
                ] {
                    try session.silently(scene.export(name, value))
                }
                try publish(scene, "p", generation: 2)
                try session.silently("true")
                for _ in 1...2 {
                    let now = try session.environment()
                    #expect(now["CONDA_PREFIX"] == "/other")
                    #expect(now["CONDA_SHLVL"] == "2")
                    #expect(now["CONDA_PREFIX_1"] == scene.prefix().bytes)
                    #expect(now["CONDA_PREFIX_2"] == nil)
                    #expect(now["CONDA_STACKED_3"] == nil)
                    try session.silently("cd '\(scene.outside)'")
                }
                #expect(try session.environment().ofEnvd == [])
            },
            Claim("conda-child", .pythonAndConda, "a child shell of any kind in a conda project leaves it cleanly") {
                scene in
                try publish(scene, "p")
                let project = scene.world.path / "p"
                let session = try scene.session(environment: ["CATALOG": "first", "LATE": "/a"])
                for inner in Shell.allCases {
                    var expected: [ByteString: ByteString] = [:]
                    try session.within(inner) { _ in expected = try session.environment() }
                    try session.silently("cd '\(project)'")
                    try session.within(inner) { shown in
                        #expect(shown == "", "\(inner)")
                        #expect(try session.value("CONDA_PREFIX") == "\(scene.prefix())", "\(inner)")
                        try session.silently("cd '\(scene.outside)'")
                        #expect(try session.environment() == expected, "\(inner)")
                    }
                    try session.silently("cd '\(scene.outside)'")
                }
            },
        ]
}

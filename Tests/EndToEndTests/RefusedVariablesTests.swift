import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("Variables that reach into the user's shells and programs")
struct RefusedVariablesTests {
    @Test("are taken neither from a conda package nor from a manifest, and the user is told of each once")
    func refused() async throws {
        let channels = try await CondaTests.channels.value
        let home = try Home()
        let root = try home.project(files: [
            "environment.yml": """
            name: reaching
            channels: ["file://\(channels)/main", nodefaults]
            dependencies: [python=3, reaches-out]
            variables:
              PYTHONSTARTUP: /reached/start.py
              ZDOTDIR: /reached
              OPTIND: psvar[$(touch \(home.path)/canary)]
              FINE: $(touch \(home.path)/canary)

            """
        ])
        try home.envd("allow", in: root).expect(0)
        try home.envd("wait", in: root, within: 300).expect(0)
        let status = try home.envd("status", in: root).expect(0).output
        for name in ["LD_PRELOAD", "BASH_ENV", "PROMPT_COMMAND", "PYTHONSTARTUP", "ZDOTDIR", "OPTIND"] {
            let lines = status.split(separator: "\n").filter { $0.contains("could not use `\(name)` of ") }
            #expect(lines.count == 1, "\(name): \(status)")
        }
        for shell in Shell.allCases {
            let session = try HookedShell(shell, in: home)
            let before = try session.environment()
            try session.run("cd '\(root)'")
            let inside = try session.environment()
            #expect(inside.contains("REACHES_DATA=here"), "\(shell)")
            #expect(inside.contains("REACHES_SCRIPT=1"))
            #expect(inside.contains(ByteString("FINE=$(touch \(home.path)/canary)")))
            #expect(!inside.contains { $0.description.contains("/reached") }, "\(shell)")
            #expect(inside.filter { $0.description.hasPrefix("ZDOTDIR=") } == [ByteString("ZDOTDIR=\(home.path)/home")])
            #expect(!(try session.output("echo \"<$PROMPT_COMMAND>\"")).contains("reached"))
            try session.run("cd '\(home.outside)'")
            #expect(try session.environment() == before, "\(shell)")
        }
        #expect(!FileSystem.exists(home.path / "canary"))
    }
}

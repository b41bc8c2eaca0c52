import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Testing

@testable import EnvdShell

@Suite("Deltas")
struct DeltaTests {
    @Test("a prefix gives what its own activate gives, and points uv at it")
    func prefix() throws {
        let delta = try PythonPrefix.delta(prefix: "/p/1", name: "name")
        let environment = delta.applied(to: ["PATH": "/usr/bin", "PYTHONHOME": "/x", "HOME": "/h"])
        #expect(
            environment == [
                "PATH": "/p/1/bin:/usr/bin", "VIRTUAL_ENV": "/p/1", "VIRTUAL_ENV_PROMPT": "name",
                "UV_PROJECT_ENVIRONMENT": "/p/1", "HOME": "/h",
            ])
        #expect(throws: SystemError.self) { try PythonPrefix.delta(prefix: "/p:q", name: "name") }
        let libraries = try PythonPrefix.delta(prefix: "/p/1", name: "n", libraries: ["/l/1", "/l/2"]).additions
            .filter { $0.variable == .libraryPath }
        #expect(libraries == [.init(variable: .libraryPath, entries: ["/l/1", "/l/2"])])
    }

    @Test("an environment with an active project is left as a shell leaves it")
    func left() {
        let base: [ByteString: ByteString] = ["PATH": "/usr/bin", "VIRTUAL_ENV": "/other", "LD_LIBRARY_PATH": ""]
        let active: [ByteString: ByteString] = [
            "ENVD_ROOT": "/p", "ENVD_PROMPT": "p ready",
            "ENVD_UNDO": "1;PATH+/p/bin~;LD_LIBRARY_PATH+/a:/b~;MANPATH+/m;VIRTUAL_ENV=/p~/other;PYTHONHOME-~/h;FOO=1",
            "PATH": "/mine:/p/bin:/usr/bin", "LD_LIBRARY_PATH": "/a:/b", "MANPATH": "/m", "VIRTUAL_ENV": "/p",
            "FOO": "2",
        ]
        var expected = base
        expected["PATH"] = "/mine:/usr/bin"
        expected["PYTHONHOME"] = "/h"
        expected["FOO"] = "2"
        #expect(Delta.left(active) == expected)
        #expect(Delta().applied(to: base) == base)
    }

    @Test("the text for scripts does without the hook what the delta says", arguments: Shell.allCases)
    func activation(shell: Shell) throws {
        let world = try World()
        let prefix = world.path / "a 'b' \\ c"
        var delta = try PythonPrefix.delta(prefix: prefix, name: "n")
        let list = try #require(VariableName("SOME_LIST"))
        delta.additions.append(.init(variable: .libraryPath, entries: ["/l1", "/l2"]))
        delta.additions.append(.init(variable: list, entries: ["/s"]))
        delta.conda = .init(variables: [list])
        delta.appendices = [.init(variable: list, entries: ["/t", "/e 'x'"])]
        let (made, standsIn) = (try #require(VariableName("MADE")), try #require(VariableName("STANDS_IN")))
        delta.extensions = [
            .init(variable: made, before: "<", after: ">", otherwise: "no"),
            .init(variable: standsIn, before: "", after: "", otherwise: "it's"),
        ]
        let environment = world.environment([
            "PYTHONHOME": "/x", "SOME_LIST": "/t", "CONDA_SHLVL": "1", "CONDA_PREFIX": "/base", "MADE": "outside",
        ])
        let dump = world.path / "dump"
        let command = { (source: String) in
            [shell.program, "-c", "\(source)exec /usr/bin/env -0 >'\(dump)'"]
        }
        let plain = try Terminal(command(""), environment: environment)
        #expect(try plain.waitForExit() == 0)
        let before = Session.parse(try FileSystem.read(dump))
        let text = ShellRenderer.activation(delta, shell: shell, outside: before)
        try FileSystem.replace(world.path / "text", with: text)
        let terminal = try Terminal(command(". '\(world.path)/text'; "), environment: environment)
        #expect(try terminal.waitForExit() == 0)
        let after = Session.parse(try FileSystem.read(dump))
        #expect(after == delta.applied(to: before))
        #expect(after["SOME_LIST"] == "/s:/t:/e 'x'")
        #expect(after["MADE"] == "<outside>")
        #expect(after["CONDA_PREFIX_1"] == "/base")
        #expect(after["CONDA_SHLVL"] == "2")
    }

    @Test("a variable in two roles has one, and the hooks' own are refused")
    func normalised() throws {
        let ours = try #require(VariableName("ENVD_ROOT"))
        let name = try #require(VariableName("X"))
        let delta = Delta(
            additions: [
                .init(variable: .path, entries: ["/a"]), .init(variable: .path, entries: ["/b"]),
                .init(variable: .libraryPath, entries: [""]),
            ],
            assignments: [
                .init(variable: name, value: "1"), .init(variable: name, value: "2"),
                .init(variable: .path, value: "3"),
                .init(variable: ours, value: "4"),
            ], removals: [name, .pythonHome, ours])
        #expect(
            delta.normalised
                == Delta(
                    additions: [.init(variable: .path, entries: ["/a", "/b"])],
                    assignments: [.init(variable: name, value: "2")], removals: [.pythonHome]))
    }

    @Test("notices cannot speak to the terminal")
    func printable() {
        let text = ShellRenderer.asked(notice: "a\u{1b}[31mb\nc\u{9b}d\ré")
        #expect(text == Array("a?[31mb?c?d?é\n".utf8))
        #expect(ShellRenderer.asked(notice: nil) == [0x0a])
    }

    @Test("the hooks carry the programs' paths, whatever these are", arguments: Shell.allCases)
    func hookScript(shell: Shell) {
        let text = String(
            decoding: HookScript.text(for: shell, hookProgram: "/a 'b'/@ENVD@/envd-hook", program: "/c/envd"),
            as: UTF8.self)
        let quoted = shell == .fish ? "'/a \\'b\\'/@ENVD@/envd-hook'" : "'/a '\\''b'\\''/@ENVD@/envd-hook'"
        #expect(text.contains(quoted))
        #expect(text.contains("'/c/envd'"))
    }
}

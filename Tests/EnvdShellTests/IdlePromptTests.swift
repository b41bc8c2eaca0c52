import EnvdCore
import EnvdShell
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("A shell that waits at its prompt")
struct IdlePromptTests {
    @Test("zsh gets a finished environment without a key, and what was typed stays")
    func zsh() throws {
        let world = try World(wakes: true)
        let project = world.path / "p"
        try world.publish(Answer(root: project, generation: nil))
        let session = try Session(.zsh, in: world, directory: project, environment: ["TERM": "xterm"])
        try session.terminal.send("echo ha")
        _ = try session.terminal.expect("echo ha")
        for generation in 1...3 {
            try world.ready("p", generation: generation)
            _ = try session.terminal.expect("(gen-p-\(generation)) \(Shell.prompt)")
        }
        try session.terminal.send("lf; command -v python\n")
        _ = try session.terminal.expect("\r\nhalf\r\n\(world.path)/gen-p-3/bin/python")
        // Nothing that waits for us is left in what it starts.
        let open = try session.output("ls -l /proc/self/fd", silent: false)
        #expect(!open.contains("wake"))
    }

    @Test("what is said meanwhile does not spoil the line, and a new state without news says nothing")
    func notice() throws {
        let world = try World(wakes: true)
        let project = try world.ready("p")
        let session = try Session(.zsh, in: world, directory: project, environment: ["TERM": "xterm"])
        try session.terminal.send("echo ha")
        _ = try session.terminal.expect("echo ha")
        let before = session.terminal.text()
        for _ in 1...3 { try world.bumpState() }
        try world.ready("p", notice: Notice("envd: something happened"))
        _ = try session.terminal.expect("envd: something happened")
        #expect(session.terminal.text().count(of: Shell.prompt) - before.count(of: Shell.prompt) <= 1)
        try session.terminal.send("lf\n")
        _ = try session.terminal.expect("\r\nhalf\r\n")
    }

    @Test("loading the hook again leaves one descriptor, and no handler that is called for ever")
    func again() throws {
        let world = try World(wakes: true)
        let project = try world.ready("p")
        let session = try Session(.zsh, in: world, directory: project, environment: ["TERM": "xterm"])
        for _ in 1...3 {
            try session.run("source ~/.zshrc")
            try world.bumpState()
            try session.run("true")
        }
        let open = try session.output("ls -l /proc/$$/fd | grep -c wake; zle -F -L | grep -c woken", silent: false)
        #expect(open == "1\n1\n")
    }

    @Test("a shell that became another program is not disturbed")
    func exec() throws {
        let world = try World(wakes: true)
        let project = try world.ready("p")
        let session = try Session(.zsh, in: world, directory: project)
        try session.terminal.send("exec /bin/sh -c 'echo \"<other>\"; read line; echo \"<$line>\"'\n")
        _ = try session.terminal.expect("<other>")
        for _ in 1...3 { try world.bumpState() }
        try session.terminal.send("alive\n")
        _ = try session.terminal.expect("<alive>")
    }

    @Test("after `envd deactivate` nothing wakes it")
    func deactivated() throws {
        let world = try World(wakes: true)
        let project = try world.ready("p")
        let session = try Session(.zsh, in: world, directory: project, environment: ["TERM": "xterm"])
        try session.run("envd deactivate")
        try session.terminal.send("echo ha")
        _ = try session.terminal.expect("echo ha")
        try world.ready("p", generation: 2, notice: Notice("envd: something happened"))
        try session.terminal.send("lf\n")
        _ = try session.terminal.expect("\r\nhalf\r\n")
        #expect(!session.terminal.text().contains("something happened"))
    }
}

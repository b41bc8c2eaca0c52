import EnvdCore
import EnvdShell
import EnvdSystem
import EnvdTestSupport
import Testing

/// The prompts that shell/README.md shows, as they stand there.
@Suite("The page's prompts")
struct PromptPageTests {
    /// The page's block for a shell's start-up file.
    private func block(_ shell: Shell) throws -> String {
        let page = String(decoding: try FileSystem.read(ClaimTable.sources / "shell/README.md"), as: UTF8.self)
        let rest = try #require(page.split(separator: "```\(shell.rawValue)\n").dropFirst().first)
        return String(try #require(rest.split(separator: "```").first))
    }

    @Test("show the name in a ready project, its state in another, and nothing outside", arguments: Shell.allCases)
    func shown(shell: Shell) throws {
        let world = try World()
        let project = try world.ready("p")
        let other = world.path / "q"
        try world.publish(Answer(root: other, generation: nil))
        // What a session waits for stands at the end of each prompt.
        let end =
            switch shell {
            case .bash: "PS1+='\(Shell.prompt)'"
            case .zsh: "PROMPT+='\(Shell.prompt)'"
            case .fish:
                "functions -c fish_prompt page; function fish_prompt; page; echo -n '\(Shell.prompt)'; end"
            }
        let session = try Session(shell, in: world, after: try block(shell) + end)
        try session.run("cd '\(project)'")
        try session.run("true")
        #expect(session.terminal.text().contains("[gen-p-1] "))
        #expect(!session.terminal.text().contains("(gen-p-1)"))
        try session.run("cd '\(other)'")
        try session.run("true")
        #expect(session.terminal.text().contains("[q building] "))
        try session.run("cd '\(world.outside)'")
        let mark = session.terminal.transcript.count
        try session.run("true")
        #expect(!session.terminal.text(since: mark).contains("building] "))
    }
}

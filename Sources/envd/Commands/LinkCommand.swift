internal import ArgumentParser
internal import EnvdControl
internal import EnvdCore
internal import EnvdStore
internal import EnvdSystem

struct LinkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "link",
        abstract: "Make .venv in a project a link to its environment, for editors that look there.",
        discussion: """
            The link leads to whatever generation is current. What runs through it goes on with the one that it began \
            with: language servers, kernels and debuggers are to be restarted after a switch. Shells need no link.

            A .venv that is there already is left alone. In a git repository the link is kept out of git's sight by a \
            line in the repository's info/exclude, where nothing else does so.
            """)

    @OptionGroup var project: ProjectArgument
    @Option(help: "What the link is called.") var name = EditorLink.usualName
    @Flag(help: "Take the link away again, and the line of info/exclude.") var undo = false

    func run() throws {
        if undo { return try takeAway() }
        let report = try DaemonClient().call(Control.Status.self, Control.Status.Parameters(directory: project.path))
        guard let status = report.projects.first, let current = status.current else {
            throw try report.projects.first.map(notReady) ?? ExitCode.failure
        }
        let link = try EditorLink(root: status.root, name: name)
        // `current` lies beside the generations.
        let isNew = try link.make(to: current.prefix.parent.parent / "current")
        printLine("`\(link.path)` \(isNew ? "leads" : "leads already") to the current environment")
        if !Self.isIgnored(link), let exclude = GitExclude(of: link) {
            do {
                try exclude.add()
                printLine("git does not see it, by a line in `\(exclude.file)`")
            } catch {
                printError("warning: could not keep it out of git: \(error)")
            }
        }
        printLine("restart what your editor runs of it (language server, kernels) when the environment has switched")
    }

    private func takeAway() throws {
        let directory = (try? FileSystem.canonical(project.path)) ?? project.path
        for root in directory.selfAndAncestors {
            let link = try EditorLink(root: root, name: name)
            if try Self.remove(link) { return }
        }
        throw Diagnostic("could not find `\(name)` of `envd link` in `\(directory)` or above it", hint: "ls -la")
    }

    /// Removes a link of envd's own and what keeps it out of git.
    ///
    /// - Returns: false where there is none.
    static func remove(_ link: EditorLink) throws(Diagnostic) -> Bool {
        guard try link.remove() else { return false }
        printLine("removed `\(link.path)`")
        do throws(SystemError) {
            if let exclude = GitExclude(of: link), try exclude.remove() {
                printLine("and its line in `\(exclude.file)`")
            }
        } catch {
            printError("warning: its line for git is left: \(error)")
        }
        return true
    }

    /// Whether git would not see it anyhow: by .gitignore or the user's own file. Where there is no git to ask, it would.
    private static func isIgnored(_ link: EditorLink) -> Bool {
        guard let git = ProgramSearch.onPath("git") else { return false }
        // A file system monitor is a program that the repository names.
        let words: [ByteString] = [
            "-C", link.root.bytes, "-c", "core.fsmonitor=false", "check-ignore", "-q", "--", ByteString(link.name),
        ]
        let outcome = try? WaitedProcess.run(
            git, words, environment: ProcessEnvironment.all(), until: .after(milliseconds: 5000))
        return outcome?.status == 0
    }
}

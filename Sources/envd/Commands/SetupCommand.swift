internal import ArgumentParser
internal import EnvdClient
internal import EnvdCore
internal import EnvdShell
internal import EnvdSystem
internal import Glibc

struct SetupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "setup", abstract: "Have your shells load the hook: show the lines, ask, and write them once.",
        discussion: """
            For your login shell and every other of bash, zsh and fish that has a start-up file, or for those that are \
            named. The lines go to the end of ~/.bashrc, .zshrc (by ZDOTDIR) or fish/config.fish (by XDG_CONFIG_HOME), \
            between markers; files and links stay what they are, and a file that loads the hook already is left alone.
            """)

    @Argument(help: "Only these shells: bash, zsh, fish.") var shells: [Shell] = []
    @Flag(name: .shortAndLong, help: "Write without asking; needed where there is no terminal.") var yes = false
    @Flag(help: "Take out what was written, and nothing else.") var undo = false
    @Flag(name: [.customShort("n"), .long], help: "Only show what would be written or taken out.") var dryRun = false

    func run() throws {
        let home = try Self.home()
        var files = shells.isEmpty ? StartupFile.used(home: home) : shells.map { StartupFile($0, home: home) }
        if undo, shells.isEmpty { files = Shell.allCases.map { StartupFile($0, home: home) } }
        guard !files.isEmpty else {
            throw CommandFailure(
                Diagnostic("could not find a shell of yours that envd knows", hint: "name it: envd setup bash|zsh|fish")
            )
        }
        if !undo, Self.program != "envd" {
            let place = DaemonStarter.neighbour("envd").parent
            printLine("`\(place)` is not on PATH here, so that the lines name the program by its path")
        }
        var hasFailed = false
        var changed = 0
        for file in files {
            do throws(Diagnostic) {
                if try undo ? takeOut(file) : write(file) { changed += 1 }
            } catch {
                printError("error: \(error)")
                hasFailed = true
            }
        }
        if undo, changed == 0, !hasFailed { printLine("there was nothing to take out") }
        if changed > 0, !dryRun {
            printLine(
                undo
                    ? "shells that run go on with the hook until they end"
                    : "open a new shell, cd into a project and type: envd allow")
        }
        if hasFailed { throw ExitCode(CommandFailure.Status.failure.rawValue) }
    }

    /// - Throws: none is known, or it is somebody else's: `sudo` keeps some systems' HOME.
    private static func home() throws(CommandFailure) -> Path {
        guard let home = ProcessEnvironment.path(.home) else {
            throw CommandFailure(Diagnostic("could not find your home: HOME is not set"))
        }
        if let status = try? FileSystem.status(home), status.owner != CurrentUser.id {
            throw CommandFailure(
                Diagnostic("could not set up `\(home)`: it belongs to another user", hint: "type it as that user"))
        }
        return home
    }

    /// - Returns: whether something was written, or would be.
    private func write(_ file: StartupFile) throws(Diagnostic) -> Bool {
        let block = block(for: file.shell)
        let content = try content(of: file)
        let state = StartupBlock.state(of: content ?? [])
        switch state {
        case .byHand(let line):
            printLine("\(file.shell.rawValue): `\(file.path)` loads the hook already, in line \(line)")
            return false
        case .damaged(let line):
            throw Self.damage(file, line)
        case .edited(let line):
            throw Self.foreignLine(file, line)
        case .present(let range) where content.map { Array($0[range]) == block.replacement(for: $0[range]) } ?? false:
            printLine("\(file.shell.rawValue): `\(file.path)` has the lines already")
            return false
        default: break
        }
        if content != nil, !FileSystem.isWritable(file.path) { throw Self.refusal(file, block, "permission denied") }
        show(block, file, isNew: content == nil)
        if dryRun { return true }
        guard try isWanted(file) else { return false }
        do throws(SystemError) {
            if case .present(let range) = state, let content {
                try file.replace(range, in: content, with: block)
            } else {
                try file.add(block, to: content)
            }
        } catch {
            throw Self.refusal(file, block, error.cause)
        }
        printLine("wrote `\(file.path)`")
        return true
    }

    private func takeOut(_ file: StartupFile) throws(Diagnostic) -> Bool {
        guard let content = try content(of: file) else { return false }
        switch StartupBlock.state(of: content) {
        case .without, .byHand: return false
        case .damaged(let line): throw Self.damage(file, line)
        case .edited(let line): throw Self.foreignLine(file, line)
        case .present(let range):
            if dryRun {
                printLine("would take these lines out of `\(file.path)`:")
                for line in String(decoding: content[range], as: UTF8.self).split(separator: "\n") {
                    printLine("    \(line)")
                }
                return true
            }
            do throws(SystemError) {
                let isGone = try file.remove(range, from: content)
                printLine(
                    isGone ? "removed `\(file.path)`, which had nothing else" : "took the lines out of `\(file.path)`")
                return true
            } catch {
                throw Diagnostic(
                    "could not write `\(file.path)`: \(error.cause)",
                    hint: "take out the lines between `\(StartupBlock.opening)` and `\(StartupBlock.closing)`")
            }
        }
    }

    private func content(of file: StartupFile) throws(Diagnostic) -> [UInt8]? {
        do throws(SystemError) {
            return try file.content()
        } catch {
            throw Diagnostic("\(error)")
        }
    }

    private func block(for shell: Shell) -> StartupBlock {
        var block = StartupBlock(shell: shell, program: Self.program)
        let functions = DaemonStarter.neighbour("envd").parent.parent / "share/zsh/site-functions"
        // zsh looks below /usr by itself.
        if !functions.isWithin("/usr"), FileSystem.exists(functions / "_envd") { block.functions = functions }
        return block
    }

    /// By its name where a shell finds this very program so.
    private static var program: String {
        let own = DaemonStarter.neighbour("envd")
        let found = ProgramSearch.onPath("envd").flatMap { try? FileSystem.canonical($0) }
        return found == own ? "envd" : own.shellWord
    }

    private func show(_ block: StartupBlock, _ file: StartupFile, isNew: Bool) {
        printLine("\(file.shell.rawValue): at the end of `\(file.path)`\(isNew ? ", which is made" : ""):")
        for line in String(decoding: block.addition(to: isNew ? nil : []), as: UTF8.self).split(separator: "\n") {
            printLine("    \(line)")
        }
    }

    private func isWanted(_ file: StartupFile) throws(Diagnostic) -> Bool {
        if yes { return true }
        guard isatty(STDIN_FILENO) == 1 else {
            throw Diagnostic("could not ask: there is no terminal", hint: "envd setup --yes writes without asking")
        }
        StandardOutput.write(Array("write this? [Y/n] ".utf8))
        guard let answer = readLine() else { return false }
        return ["", "y", "yes"].contains(answer.lowercased())
    }

    private static func damage(_ file: StartupFile, _ line: Int) -> Diagnostic {
        Diagnostic(
            "could not tell which lines of `\(file.path)` are envd's: the markers do not fit",
            at: Diagnostic.Location(file: file.path, line: line),
            hint: "take out what stands between `\(StartupBlock.opening)` and `\(StartupBlock.closing)`, and both")
    }

    private static func foreignLine(_ file: StartupFile, _ line: Int) -> Diagnostic {
        Diagnostic(
            "could not change `\(file.path)`: a line between the markers is not envd's",
            at: Diagnostic.Location(file: file.path, line: line),
            hint: "put it above `\(StartupBlock.opening)` or below `\(StartupBlock.closing)`, and try again")
    }

    private static func refusal(_ file: StartupFile, _ block: StartupBlock, _ cause: String) -> Diagnostic {
        Diagnostic(
            "could not write `\(file.path)`: \(cause)",
            hint: "where another tool makes that file, have it add: \(block.lines.joined(separator: "; "))")
    }
}

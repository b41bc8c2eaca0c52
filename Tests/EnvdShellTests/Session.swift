import EnvdCore
import EnvdShell
import EnvdSystem
import EnvdTestSupport
import Testing

/// An interactive shell with the hook loaded, in a terminal.
final class Session {
    /// The one that reads what is typed.
    private(set) var shell: Shell
    let world: World
    let terminal: Terminal
    /// What was shown before the first prompt.
    private(set) var greeting = ""

    /// - Parameters:
    ///   - before, after: lines of the start-up file around the hook.
    ///   - arguments: options of the shell's program.
    ///   - directory: where it starts; the directory outside without it.
    init(
        _ shell: Shell, in world: World, before: String = "", after: String = "", arguments: [String] = [],
        directory: Path? = nil, environment: [ByteString: ByteString] = [:]
    ) throws {
        self.shell = shell
        self.world = world
        try world.writeStartUp(shell, before: before, after: after)
        var variables = world.environment(environment)
        variables["PWD"] = (directory ?? world.outside).bytes
        terminal = try Terminal(
            shell.interactive(home: world.home) + arguments, environment: variables,
            workingDirectory: directory ?? world.outside)
        greeting = try untilPrompt()
    }

    /// What a line editor tells the terminal when it begins to read a line, and when it has read one: bracketed paste.
    private static let reading = "\u{1b}[?2004h"
    private static let hasRead = "\u{1b}[?2004l"

    /// Types a line, waits for the next prompt, and gives all that was shown between: neither the line nor the prompt.
    @discardableResult
    func run(_ line: String) throws -> String {
        try terminal.send("\(line)\n")
        try terminal.expect(Self.hasRead)
        return try untilPrompt()
    }

    private func untilPrompt() throws -> String {
        var shown = try terminal.expect(Self.reading).bytes
        // Whatever else fish does at a prompt it does after that and before it shows the prompt.
        if shell == .fish { shown += try terminal.expect(Shell.prompt).bytes + Shell.prompt.utf8 }
        return withoutPrompt(shown)
    }

    /// Starts another shell in this one, gives what the terminal shows until its first prompt, and ends it after `body`.
    func within(_ inner: Shell, starting line: String? = nil, _ body: (String) throws -> Void) throws {
        let outer = shell
        try world.writeStartUp(inner)
        try terminal.send("\(line ?? inner.interactiveLine(home: world.home))\n")
        try terminal.expect(Self.hasRead)
        // zsh ends the line that was typed only after it said that it has read it.
        if outer == .zsh { try terminal.expect("\n") }
        shell = inner
        try body(try untilPrompt())
        try terminal.send("exit\n")
        try terminal.expect(Self.hasRead)
        shell = outer
        _ = try untilPrompt()
    }

    /// Runs lines that are to show nothing, whose prompts included.
    func silently(
        _ lines: String..., fileID: String = #fileID, filePath: String = #filePath, at number: Int = #line
    ) throws {
        let location = SourceLocation(fileID: fileID, filePath: filePath, line: number, column: 1)
        for line in lines {
            let shown = try run(line)
            #expect(shown == "", "shown after `\(line)`", sourceLocation: location)
        }
    }

    /// What a line writes to its standard output.
    ///
    /// - Parameter silent: whatever else is shown is an issue.
    func output(
        _ line: String, silent: Bool = true, fileID: String = #fileID, filePath: String = #filePath,
        at number: Int = #line
    ) throws -> String {
        let file = world.path / "output"
        try FileSystem.remove(file)
        let shown = try run(shell == .fish ? "begin; \(line); end >'\(file)'" : "{ \(line); } >|'\(file)'")
        let location = SourceLocation(fileID: fileID, filePath: filePath, line: number, column: 1)
        if silent { #expect(shown == "", sourceLocation: location) }
        return String(decoding: try FileSystem.read(file), as: UTF8.self)
    }

    /// The environment that a program gets, without what every shell changes at each step.
    func environment() throws -> [ByteString: ByteString] {
        let file = world.path / "environment"
        try run("/usr/bin/env -0 \(shell == .fish ? ">" : ">|")'\(file)'")
        return Session.parse(try FileSystem.read(file))
    }

    func value(_ name: String) throws -> String? { try environment()[ByteString(name)]?.description }

    /// The program that a name means now, empty where it means none.
    func program(_ name: String) throws -> String {
        try output("command -v \(name)\(shell == .fish ? "; or true" : " || :")").trimmingNewline
    }

    /// zsh shows its prompt before it says that it reads; fish moves to a new line by a sign and a line of blanks.
    private func withoutPrompt(_ shown: [UInt8]) -> String {
        var parts = String(decoding: shown, as: UTF8.self).unicodeScalars.split(
            separator: "⏎", omittingEmptySubsequences: false)
        for index in parts.indices.dropFirst() { parts[index] = parts[index].drop { $0 == " " || $0 == "\r" } }
        var text = String(String.UnicodeScalarView(parts.joined().filter { $0 != "\r" }))
        // zsh ends the line that was typed only after it said that it has read it.
        if shell == .zsh, text.hasPrefix("\n") { text.removeFirst() }
        guard text.hasSuffix(Shell.prompt) else { return text }
        text.removeLast(Shell.prompt.count)
        while text.hasSuffix(" ") { text.removeLast() }
        let last = text.lastIndex(of: "\n").map { text.index(after: $0) } ?? text.startIndex
        if let label = text[last...].firstIndex(of: "("), text.hasSuffix(")") { text.removeSubrange(label...) }
        while text.hasSuffix(" ") { text.removeLast() }
        // Of fish's vi mode.
        if shell == .fish, text.hasSuffix("[I]") { text.removeLast(3) }
        return text
    }

    static func parse(_ dump: [UInt8]) -> [ByteString: ByteString] {
        var environment: [ByteString: ByteString] = [:]
        for entry in dump.split(separator: 0) {
            guard let equals = entry.firstIndex(of: UInt8(ascii: "=")) else { continue }
            environment[ByteString(entry[..<equals])] = ByteString(entry[(equals + 1)...])
        }
        for name in ["PWD", "OLDPWD", "_", "SHLVL"] as [ByteString] { environment[name] = nil }
        return environment
    }
}

extension String {
    var trimmingNewline: String { hasSuffix("\n") ? String(dropLast()) : self }

    /// How often a text stands in this one.
    func count(of text: String) -> Int { matches(of: text) }

    private func matches(_ bytes: [UInt8], _ wanted: [UInt8]) -> Int {
        guard !wanted.isEmpty, bytes.count >= wanted.count else { return 0 }
        return (0...bytes.count - wanted.count).count { bytes[$0...].starts(with: wanted) }
    }

    private func matches(of text: String) -> Int { matches(Array(utf8), Array(text.utf8)) }
}

extension Shell {
    /// What a shell of the tests shows when it waits for a line.
    static let prompt = "ready> "

    /// The command of an interactive shell that reads only the start-up file of the test's home.
    func interactive(home: Path) -> [String] {
        switch self {
        case .bash: [program, "--noprofile", "--rcfile", "\(home)/.bashrc", "-i"]
        case .zsh: [program, "-d", "-i"]
        case .fish: [program, "-i"]
        }
    }

    /// The same as one line for another shell to run.
    func interactiveLine(home: Path) -> String { interactive(home: home).joined(separator: " ") }
}

extension World {
    func writeStartUp(_ shell: Shell, before: String = "", after: String = "") throws {
        let text = "\(before)\n\(hook(shell))\n\(after)\n"
        switch shell {
        case .bash:
            try directory.write(
                "home/.bashrc", "bind 'set enable-bracketed-paste on'\nPS1='\(Shell.prompt)'\n" + text)
        case .zsh:
            try directory.write("home/.zshrc", "unsetopt prompt_sp prompt_cr\nPS1='\(Shell.prompt)'\n" + text)
        case .fish:
            try directory.write(
                "home/.config/fish/config.fish",
                "set -g fish_greeting\nfunction fish_prompt; echo -n '\(Shell.prompt)'; end\n" + text)
        }
    }
}

import EnvdCore
import EnvdShell
import EnvdSystem
import EnvdTestSupport
import Testing

/// What goes into a shell's text comes out of the shell: every byte but NUL, whatever the shell's options are.
@Suite("Values make the way through a shell unchanged")
struct RoundTripTests {
    /// A shell with options that a user may have set.
    struct Setting: CustomTestStringConvertible, Sendable {
        let shell: Shell
        let options: String
        var locale: ByteString = "C.UTF-8"
        var testDescription: String { "\(shell.rawValue), \(locale): \(options)" }
    }

    static let settings: [Setting] = [
        Setting(shell: .bash, options: ""),
        Setting(shell: .bash, options: "", locale: "C"),
        Setting(shell: .bash, options: "set -o posix; set -eu"),
        Setting(shell: .bash, options: "shopt -s extglob nullglob globstar dotglob nocaseglob xpg_echo; set -m"),
        Setting(shell: .bash, options: "IFS=\"'\\\\n:a\"; shopt -s failglob; set -o history -o histexpand; set -T +B"),
        Setting(shell: .zsh, options: ""),
        Setting(shell: .zsh, options: "setopt no_multibyte", locale: "C"),
        Setting(shell: .zsh, options: "setopt rc_quotes"),
        Setting(shell: .zsh, options: "setopt csh_junkie_quotes"),
        Setting(shell: .zsh, options: "setopt csh_junkie_quotes rc_quotes csh_junkie_history bang_hist prompt_subst"),
        Setting(
            shell: .zsh,
            options: "setopt ksh_arrays sh_word_split glob_subst magic_equal_subst ksh_typeset extended_glob null_glob"),
        Setting(shell: .zsh, options: "setopt err_exit no_unset ignore_braces interactive_comments rc_expand_param"),
        Setting(shell: .zsh, options: "emulate sh"),
        Setting(shell: .zsh, options: "emulate ksh"),
        Setting(shell: .zsh, options: "emulate csh"),
        Setting(shell: .fish, options: ""),
        Setting(shell: .fish, options: "set -g fish_read_limit 0; set -g IFS ''", locale: "C"),
    ]

    @Test("a quoted word is exactly its bytes", arguments: settings)
    func words(_ setting: Setting) throws {
        let text = try #require(Self.words[setting.shell])
        let directory = try run(setting, [text], "source ./text-0 >./output-0")
        let output = try FileSystem.read(directory.path / "output-0")
        let words = output.split(separator: 0, omittingEmptySubsequences: false)
        #expect(words.count == HostileStrings.all.count + 1)
        compare(zip(HostileStrings.all, words).map { ("", $0, ByteString($1)) })
    }

    @Test("the text that `envd env` prints sets exactly the values", arguments: settings)
    func assignments(_ setting: Setting) throws { try apply(Self.assignments, Self.assignmentTexts, setting) }

    @Test("entries of lists, and what is made of the value outside, are exactly their bytes", arguments: settings)
    func lists(_ setting: Setting) throws { try apply(Self.lists, Self.listTexts, setting) }

    // What takes long to make, made once.
    private static let words: [Shell: [UInt8]] = eachShell { shell in
        let printing = Array("printf '%s\\0' ".utf8)
        return HostileStrings.all.flatMap { printing + shell.quoted($0) + [0x0a] }
    }
    private static let assignmentTexts = eachShell { shell in assignments.map { $0.text(for: shell) } }
    private static let listTexts = eachShell { shell in lists.map { $0.text(for: shell) } }

    private static func eachShell<Value>(_ make: (Shell) -> Value) -> [Shell: Value] {
        Dictionary(uniqueKeysWithValues: Shell.allCases.map { ($0, make($0)) })
    }

    private static let assignments: [Change] = stride(from: 0, to: HostileStrings.all.count, by: 700).map { start in
        var change = Change()
        for (index, value) in HostileStrings.all[start...].prefix(700).enumerated() {
            guard let variable = VariableName("V\(index)") else { continue }
            change.delta.assignments.append(.init(variable: variable, value: value))
            change.expected[ByteString(variable.text)] = value
        }
        return change
    }

    private static let lists: [Change] = {
        // An entry holds no colon, and is not empty; all strings would take as long as the other tests together.
        let entries = HostileStrings.all.filter { !$0.isEmpty && !$0.bytes.contains(0x3a) }.prefix(4501)
        let outsides: [ByteString] = ["out", "'", "$(touch canary)\n\n", "\\", ByteString([0xff, 0x83]), ""]
        return stride(from: 0, to: entries.count - 900, by: 900).map { start in
            var change = Change()
            for index in 0..<300 {
                let place = start + 3 * index
                // fish takes a variable whose name ends so for a list.
                guard let list = VariableName("L\(index)\(index % 2 == 0 ? "PATH" : "LIST")"),
                    let extended = VariableName("X\(index)")
                else { continue }
                let (front, back, more) = (entries[place], entries[place + 1], entries[place + 2])
                let outside = outsides[index % outsides.count]
                change.delta.additions.append(.init(variable: list, entries: [front]))
                change.delta.appendices.append(.init(variable: list, entries: [back]))
                change.delta.extensions.append(.init(variable: extended, before: front, after: more, otherwise: back))
                for name in [list, extended] { change.outside[ByteString(name.text)] = outside }
                let there = [front] + (outside.isEmpty ? [] : [outside]) + (back == outside ? [] : [back])
                change.expected[ByteString(list.text)] = ByteString(there.map(\.bytes).joined(separator: [0x3a]))
                change.expected[ByteString(extended.text)] = outside.isEmpty ? back : front + outside + more
            }
            return change
        }
    }()

    /// What a shell evaluates, and what programs find in their environment then.
    private struct Change {
        var delta = Delta()
        var outside: [ByteString: ByteString] = [:]
        var expected: [ByteString: ByteString] = [:]

        func text(for shell: Shell) -> [UInt8] {
            let before = Delta(
                assignments: outside.sorted { $0.key < $1.key }.compactMap { name, value in
                    VariableName(name.description).map { .init(variable: $0, value: value) }
                })
            return ShellRenderer.activation(before, shell: shell, outside: [:])
                + ShellRenderer.activation(delta, shell: shell, outside: outside)
        }
    }

    /// One after the other in one shell.
    private func apply(_ changes: [Change], _ texts: [Shell: [[UInt8]]], _ setting: Setting) throws {
        let texts = try #require(texts[setting.shell])
        // As the help tells people to do.
        let lines = texts.indices.map { index in
            let take = setting.shell == .fish ? "cat ./text-\(index) | source" : "eval \"$(cat ./text-\(index))\""
            return "\(take)\n/usr/bin/env -0 >./output-\(index)"
        }
        let directory = try run(setting, texts, lines.joined(separator: "\n"))
        var all: [Comparison] = []
        for (index, change) in changes.enumerated() {
            let file = directory.path / "output-\(index)"
            let found = FileSystem.exists(file) ? Session.parse(try FileSystem.read(file)) : [:]
            all += change.expected.map { ($0.key, $0.value, found[$0.key]) }
        }
        #expect(!all.isEmpty)
        compare(all)
    }

    /// Runs a shell that sets its options and reads files `text-0`, `text-1` and so on, and gives its directory.
    private func run(_ setting: Setting, _ texts: [[UInt8]], _ script: String) throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory("words")
        for (index, text) in texts.enumerated() {
            try FileSystem.replace(directory.path / "text-\(index)", with: text, mode: 0o644)
        }
        let options: [ByteString] =
            switch setting.shell {
            case .bash: ["--norc", "--noprofile"]
            case .zsh: ["-f"]
            case .fish: ["--no-config"]
            }
        try directory.write("script", "\(setting.options)\n\(script)\n")
        let result = PlainCommandRunner.runBlocking(
            Command(
                executable: Path(setting.shell.program), arguments: options + ["./script"],
                environment: [
                    "PATH": "/usr/bin:/bin", "HOME": directory.path.bytes, "LC_ALL": setting.locale, "TERM": "dumb",
                ], workingDirectory: directory.path, writable: nil), within: 240)
        let said = result.standardError + result.standardOutput
        #expect(
            result.succeeded && said.isEmpty, "\(result.ending): \(String(decoding: said.prefix(2000), as: UTF8.self))")
        #expect(!FileSystem.exists(directory.path / "canary"), "something was run")
        return directory
    }

    private typealias Comparison = (name: ByteString, expected: ByteString, found: ByteString?)

    /// Records the first one that came out another.
    private func compare(_ all: [Comparison]) {
        let wrong = all.filter { $0.expected != $0.found }
        guard let first = wrong.min(by: { $0.expected.bytes.count < $1.expected.bytes.count }) else { return }
        func shown(_ value: ByteString?) -> String {
            guard let value else { return "nothing" }
            let hex = value.bytes.prefix(120).map { String($0, radix: 16) }.joined(separator: " ")
            return "[\(hex)] \(String(reflecting: value.description.prefix(120)))"
        }
        Issue.record(
            """
            \(wrong.count) of \(all.count) came out wrong (seed \(HostileStrings.seed)); the shortest is \(first.name): \
            \(shown(first.expected)) became \(shown(first.found))
            """)
    }
}

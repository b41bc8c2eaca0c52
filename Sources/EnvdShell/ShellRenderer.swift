package import EnvdCore
internal import EnvdSystem

/// Turns answers into the text that shells read.
package enum ShellRenderer {
    /// The files of an answer for hooks, by name: `enter.<shell>`, and before it what that refers to.
    package static func files(_ answer: Answer) -> [(name: String, text: [UInt8])] {
        let plain = PlainFishAnswer(answer).map { [("plain.fish", $0.text)] } ?? []
        return plain + Shell.allCases.map { ("enter.\($0.rawValue)", enter(answer, shell: $0)) }
    }

    /// The text that enters a project.
    package static func enter(_ answer: Answer, shell: Shell) -> [UInt8] {
        var text = ShellText(shell: shell)
        let version = String(Fingerprint(of: AnswerFile.encode(answer)).hex.prefix(16))
        let change = PlainChange(answer, scripts: shell != .fish)
        let names = answer.generation == nil ? [] : answer.delta.variables.map(\.text)
        let id = ProjectID(root: answer.root).text
        let call: [String]
        if shell == .fish {
            // One line says it all, or functions do.
            let ways = PlainFishAnswer(answer) == nil ? change.map { PlainFishWays(change: $0) } : nil
            if let ways { text.append(ways.text(version: version)) }
            call = [version, id] + (ways.map { [$0.change.entering] } ?? [])
        } else {
            if let change { text.append(PlainPosixAnswer(change: change).text(shell, version: version)) }
            call = [change?.entering ?? "''", version, id] + names
        }
        text.line((["_envd_take"] + call).joined(separator: " "))
        text.append(news(answer, shell: shell))
        return text.bytes
    }

    /// The part of the text for people, and for the daemon.
    private static func news(_ answer: Answer, shell: Shell) -> [UInt8] {
        var text = ShellText(shell: shell)
        if let notice = answer.notice { text.append(notice) }
        if !answer.wants.isEmpty {
            text.line("_envd_hello \(answer.wants.map(\.text).joined(separator: " "))")
        }
        return text.bytes
    }

    /// The text of `asked`: nil or an empty notice for a directory that is no project.
    package static func asked(notice: String?) -> [UInt8] { printable(notice ?? "").bytes + [0x0a] }

    /// What `envd-hook ask` prints for one notice.
    package static func notice(_ notice: Notice, shell: Shell) -> [UInt8] {
        var text = ShellText(shell: shell)
        text.append(notice)
        return text.bytes
    }

    /// What `envd env --shell` prints: plain exports, for a script or direnv, that need no hook and cannot be undone.
    ///
    /// - Parameter outside: the variables of the shell that asks, for values that are made of others.
    package static func activation(
        _ delta: Delta, shell: Shell, outside: [ByteString: ByteString]
    ) -> [UInt8] {
        let delta = delta.recorded.normalised
        var text = ShellText(shell: shell)
        var assignments: [Delta.Assignment] = []
        for (name, value) in (delta.conda?.counted(in: outside) ?? [:]).sorted(by: { $0.key < $1.key }) {
            VariableName(name.description).map { assignments.append(.init(variable: $0, value: value)) }
        }
        assignments += delta.assignments
        for extended in delta.extensions {
            let value = extended.value(outside: outside[ByteString(extended.variable.text)])
            assignments.append(.init(variable: extended.variable, value: value))
        }
        for addition in delta.additions {
            let (name, entries) = (
                addition.variable.text, list(addition.entries)
            )
            if shell == .fish {
                text.line("if test -n \"$\(name)\"")
                text.line("set -gx \(name)", entries, end: "\":$\(name)\"")
                text.line("else")
                text.line("set -gx \(name)", entries)
                text.line("end")
            } else {
                text.line("export \(name)=", entries, glued: true, end: "\"${\(name):+:${\(name)}}\"")
            }
        }
        for appendix in delta.appendices {
            let name = appendix.variable.text
            let there = outside[ByteString(name)]?.split(separator: UInt8(ascii: ":")) ?? []
            for entry in appendix.entries where !there.contains(entry) {
                if shell == .fish {
                    // Not by a command substitution: that ends a value at each newline.
                    text.line("if test -n \"$\(name)\"")
                    text.line("set -gx \(name) \"$\(name):\"", entry, glued: true)
                    text.line("else")
                    text.line("set -gx \(name)", entry)
                    text.line("end")
                } else {
                    text.line("export \(name)=\"${\(name):+$\(name):}\"", entry, glued: true)
                }
            }
        }
        for assignment in assignments {
            let name = assignment.variable.text
            if shell == .fish {
                text.line("set -gx \(name)", assignment.value)
            } else {
                text.line("export \(name)=", assignment.value, glued: true)
            }
        }
        for removal in delta.removals { text.line(shell == .fish ? "set -e \(removal)" : "unset \(removal)") }
        return text.bytes
    }

    /// Entries with colons between.
    static func list(_ entries: [ByteString]) -> ByteString {
        ByteString(entries.map(\.bytes).joined(separator: [UInt8(ascii: ":")]))
    }

    /// The text as one line that a terminal only shows: control characters become `?`.
    static func printable(_ text: String) -> ByteString {
        func isControl(_ scalar: Unicode.Scalar) -> Bool {
            switch scalar.value {
            // What turns text round makes a line say something else.
            case 0..<0x20, 0x7f...0x9f, 0x200e...0x200f, 0x202a...0x202e, 0x2066...0x2069: true
            default: false
            }
        }
        // Nearly always, and a shell waits.
        guard text.unicodeScalars.contains(where: isControl) else { return ByteString(text) }
        var shown = ""
        for scalar in text.unicodeScalars { shown.unicodeScalars.append(isControl(scalar) ? "?" : scalar) }
        return ByteString(shown)
    }
}

/// Lines of one shell's text: words given as `ByteString` are quoted.
private struct ShellText {
    let shell: Shell
    private(set) var bytes: [UInt8] = []

    init(shell: Shell) { self.shell = shell }

    mutating func line(_ start: String, _ words: ByteString..., glued: Bool = false, end: String = "") {
        bytes += Array(start.utf8)
        for word in words { bytes += (glued ? [] : [0x20]) + shell.quoted(word) }
        bytes += Array(end.utf8) + [0x0a]
    }

    mutating func append(_ lines: [UInt8]) { bytes += lines }

    mutating func append(_ notice: Notice) {
        line("_envd_notice", ShellRenderer.printable(notice.id), ShellRenderer.printable(notice.text))
    }
}

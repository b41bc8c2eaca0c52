package import EnvdCore

/// Turns answers into the text that shells read.
package enum ShellRenderer {
    /// The files of an answer, by name: `enter.<shell>` last, and before it what that refers to.
    package static func files(_ answer: Answer) -> [(name: String, text: [UInt8])] {
        Shell.allCases.flatMap { shell -> [(name: String, text: [UInt8])] in
            let enter = "enter.\(shell.rawValue)"
            switch shell {
            case .fish:
                let plain = PlainFishAnswer(answer).map { [("plain.fish", $0.text)] } ?? []
                return plain + [(enter, self.enter(answer, shell: shell))]
            case .bash, .zsh:
                guard let plain = PlainPosixAnswer(answer) else { return [(enter, self.enter(answer, shell: shell))] }
                return [
                    ("full.\(shell.rawValue)", change(answer, shell: shell)),
                    (enter, plain.text(shell) + news(answer, shell: shell)),
                ]
            }
        }
    }

    /// The text that enters a project, whatever the shell's variables are.
    package static func enter(_ answer: Answer, shell: Shell) -> [UInt8] {
        change(answer, shell: shell) + news(answer, shell: shell)
    }

    /// The part of the text that changes variables.
    private static func change(_ answer: Answer, shell: Shell) -> [UInt8] {
        var text = ShellText(shell: shell)
        guard let generation = answer.generation else {
            text.line("_envd_leave")
            return text.bytes
        }
        let delta = (shell == .fish ? answer.delta.recorded : answer.delta).normalised
        let scripts = delta.scripts
        let scalars = unique(delta.assignments.map(\.variable) + delta.removals + (scripts?.scalars ?? []))
        let ends = (delta.appendices + (scripts.map { $0.additions + $0.appendices } ?? [])).map(\.variable)
        let lists = unique(delta.additions.map(\.variable) + ends)
        text.line(
            "if _envd_enter", answer.root.bytes, ByteString(generation.description), names(lists), names(scalars),
            end: shell == .fish ? "" : " \"\(scalars.map { "${\($0)+x}" }.joined())\"; then")
        if let conda = delta.conda { text.line("_envd_conda", names(conda.variables)) }
        text.export(delta.assignments)
        for removal in delta.removals { text.line(shell == .fish ? "set -eg \(removal)" : "unset \(removal)") }
        for variable in lists {
            text.line("_envd_add \(variable)", list(delta.additions.first { $0.variable == variable }?.entries ?? []))
        }
        for addition in delta.appendices { text.line("_envd_append \(addition.variable)", list(addition.entries)) }
        for extended in delta.extensions {
            text.line("_envd_extend \(extended.variable)", extended.before, extended.after, extended.otherwise)
        }
        if let scripts {
            for addition in scripts.additions + scripts.appendices {
                text.line("_envd_mark \(addition.variable)", list(addition.entries))
            }
            text.line(
                "_envd_scripts", list(scripts.leaving.map(\.bytes)), names(scripts.scalars),
                list(scripts.entering.map(\.bytes)))
        }
        text.line("_envd_entered")
        text.line(shell == .fish ? "end" : "fi")
        if let label = delta.promptLabel { text.line("_envd_label", label) }
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

    private static func unique(_ variables: [VariableName]) -> [VariableName] {
        var seen: Set<VariableName> = []
        return variables.filter { seen.insert($0).inserted }
    }

    /// Names with colons between.
    private static func names(_ variables: [VariableName]) -> ByteString {
        ByteString(variables.map(\.text).joined(separator: ":"))
    }

    /// Entries with colons between.
    static func list(_ entries: [ByteString]) -> ByteString {
        ByteString(entries.map(\.bytes).joined(separator: [UInt8(ascii: ":")]))
    }

    /// The text as one line that a terminal only shows: control characters become `?`.
    static func printable(_ text: String) -> ByteString {
        func isControl(_ scalar: Unicode.Scalar) -> Bool {
            scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value)
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

    /// Sets scalars, and what tells later whether a value is still ours. bash takes long to read a text: each value
    /// stands in it once.
    mutating func export(_ assignments: [Delta.Assignment]) {
        guard !assignments.isEmpty else { return }
        if shell == .fish {
            for assignment in assignments {
                line("set -gx \(assignment.variable)", assignment.value)
                line("set -gx ENVD_SET_\(assignment.variable)", assignment.value)
            }
            return
        }
        var values: [ByteString] = []
        var command = "export"
        for assignment in assignments {
            if !values.contains(assignment.value) {
                bytes += Array((values.isEmpty ? "_envd_0=" : " _envd_\(values.count)=").utf8)
                bytes += shell.quoted(assignment.value)
                values.append(assignment.value)
            }
            let place = values.firstIndex(of: assignment.value) ?? 0
            for name in [assignment.variable.text, "ENVD_SET_\(assignment.variable)"] {
                command += " \(name)=\"$_envd_\(place)\""
            }
        }
        bytes.append(0x0a)
        line(command)
    }

    mutating func append(_ lines: [UInt8]) { bytes += lines }

    mutating func append(_ notice: Notice) {
        line("_envd_notice", ShellRenderer.printable(notice.id), ShellRenderer.printable(notice.text))
    }
}

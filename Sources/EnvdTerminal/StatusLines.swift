package import EnvdControl
internal import EnvdCore

/// The lines of `envd status`.
extension StatusWords {
    /// Of labels, with the blanks behind them.
    private static let labelWidth = 13

    /// Several lines about one project.
    package func lines(_ project: ProjectStatus) -> [StyledText] {
        guard let screen else {
            return [headline(project)]
                + rows(project).map { StyledText("  " + $0.label.padded(to: Self.labelWidth)) + $0.text }
        }
        let isNarrow = screen.columns < 60
        let indent = isNarrow ? 4 : 2 + Self.labelWidth
        return headline(project).wrapped(to: screen.columns, hanging: 2)
            + rows(project).flatMap { row -> [StyledText] in
                var label = StyledText("  ") + StyledText(row.label, .faint)
                label = row.label.isEmpty && isNarrow ? StyledText("    ") : label.padded(to: indent)
                // Of narrow terminals each column counts.
                if isNarrow, !row.label.isEmpty { label = StyledText("  ") + StyledText("\(row.label): ", .faint) }
                if row.isPath, row.text.columns <= screen.columns - indent || !isNarrow {
                    let path = row.text.text.clippedAtStart(to: screen.columns - label.columns, mark: ellipsis)
                    return [label + StyledText(path)]
                }
                if row.isPath {
                    let path = row.text.text.clippedAtStart(to: screen.columns - indent, mark: ellipsis)
                    return [label.trimmed, StyledText(String(repeating: " ", count: indent) + path)]
                }
                return (label + row.text).wrapped(to: screen.columns, hanging: indent)
            }
    }

    /// One line about one of many projects, for a pipe.
    package func line(_ project: ProjectStatus) -> StyledText { headline(project) }

    /// A table of projects: the state first, for it is the news.
    package func table(_ projects: [ProjectStatus]) -> [StyledText] {
        guard let screen else { return projects.map { line($0) } }
        let states = projects.map { state($0) }
        let stateWidth = states.map(\.columns).max() ?? 0
        let isNarrow = screen.columns < 60
        let room = screen.columns - stateWidth - 2
        let roots = projects.map { path($0.root) }
        let rootWidth = isNarrow ? room : min(roots.map(\.columns).max() ?? 0, max(20, room / 2))
        return zip(projects, zip(states, roots)).flatMap { project, words -> [StyledText] in
            let root = words.1.clippedAtStart(to: rootWidth, mark: ellipsis)
            let start = words.0.padded(to: stateWidth) + "  "
            let detail = self.detail(project)
            if detail.isEmpty { return [start + StyledText(root)] }
            guard isNarrow else {
                let whole = start + StyledText(root.padded(to: rootWidth)) + "  " + detail
                return [whole.clipped(to: screen.columns, mark: ellipsis).trimmed]
            }
            guard project.state != .ready else { return [start + StyledText(root)] }
            let lines = (StyledText("  ") + detail).wrapped(to: screen.columns, hanging: 2)
            let more =
                lines.count > 2
                ? [(lines[1] + StyledText(" \(ellipsis)")).clipped(to: screen.columns, mark: ellipsis)] : []
            return [start + StyledText(root)] + (lines.count > 2 ? [lines[0]] + more : lines)
        }
    }

    /// `12 projects: 10 ready, 1 building, 1 failed`.
    package func summary(_ projects: [ProjectStatus]) -> StyledText {
        let counts = Dictionary(grouping: projects, by: \.state).mapValues(\.count)
        let words = counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key.rawValue < $1.key.rawValue }
            .map { "\($0.value) \($0.key.rawValue)" }
        return StyledText("\(projects.count) projects: \(words.joined(separator: ", "))", .faint)
    }

    /// What is to be said of one of many beside its state.
    private func detail(_ project: ProjectStatus) -> StyledText {
        switch project.state {
        case .ready:
            let back = project.rolledBack.map { "rolled back to \($0.to)" }
            return StyledText([back, built(project)].compactMap(\.self).joined(separator: ", "), .faint)
        case .building:
            guard let build = project.build else { return "" }
            let words = StyledText(words(build))
            guard let screen, screen.isObedient, screen.columns >= 100, let fraction = build.progress?.fraction else {
                return words
            }
            return words + StyledText("  " + ProgressBar.text(fraction, width: 10, isUTF8: screen.isUTF8))
        case .failed:
            let message = project.failure?.message.split(whereSeparator: \.isNewline).joined(separator: " ")
            return StyledText(message ?? "")
        case .waitingForWord, .notAllowed: return StyledText(command("envd allow", project))
        default: return ""
        }
    }
}

extension StyledText {
    /// Without blanks at its end.
    fileprivate var trimmed: StyledText {
        guard text.last == " " else { return self }
        let width = String(text.reversed().drop { $0 == " " }.reversed()).columns
        return clipped(to: width, mark: "")
    }
}

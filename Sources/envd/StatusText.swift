internal import EnvdControl
internal import EnvdCore
internal import EnvdSystem

/// `envd status` for people.
enum StatusText {
    /// Several lines about one project.
    static func lines(_ project: ProjectStatus) -> [String] {
        var lines = ["\(project.root): \(headline(project))"]
        if let current = project.current {
            let python = current.python.map { ", Python \($0)" } ?? ""
            lines.append("  environment  generation \(current.number)\(python), by \(current.engine)")
            lines.append("  prefix       \(current.prefix)")
        }
        if let back = project.rolledBack {
            lines.append("  rolled back  to generation \(back.to), until the manifests change; \(forward(back))")
        }
        for phrase in project.current?.drift ?? [] { lines.append("  by hand      \(phrase)") }
        if let build = project.build {
            let seconds = Double(build.milliseconds / 100) / 10
            lines.append("  build        \(build.phase), for \(seconds) s (\(build.reason))")
        }
        if !project.followed.isEmpty {
            let names = project.followed.map { ($0.relative(to: project.root) ?? $0).description }
            lines.append("  follows      \(names.joined(separator: ", "))")
        }
        for file in project.passedOver {
            lines.append("  passed over  \((file.path.relative(to: project.root) ?? file.path)): \(file.reason)")
        }
        for variable in project.wantedVariables { lines.append("  wants        ${\(variable)} from a shell") }
        for warning in project.warnings { lines += diagnostic("warning", warning) }
        for ask in project.asks ?? [] {
            let place = ask.location.map { place in
                " (\((place.file.relative(to: project.root) ?? place.file))\(place.line.map { ":\($0)" } ?? ""))"
            }
            lines.append("  asks for     \(ask.source.phrase)\(place ?? "")")
        }
        if let failure = project.failure, failure.asks == nil {
            lines += diagnostic("error", failure)
            lines.append("  more         envd log \(project.root.shellWord)")
        }
        switch project.state {
        case .notAllowed: lines.append("  to allow it  envd allow \(project.root.shellWord)")
        case .waitingForWord:
            lines.append("  to allow it  envd allow \(project.root.shellWord)")
            lines.append("  more         envd allow --dry-run \(project.root.shellWord)")
        case .denied: lines.append("  to allow it  envd allow \(project.root.shellWord)")
        default: break
        }
        return lines
    }

    /// How the user goes forward from a generation that they went back to.
    static func forward(_ back: ProjectStatus.Rollback) -> String {
        back.canGoForward
            ? "forward again: `envd rollback \(back.from)` or `envd build`" : "forward again: `envd build`"
    }

    /// One line about one of many projects.
    static func line(_ project: ProjectStatus) -> String { "\(project.root): \(headline(project))" }

    private static func headline(_ project: ProjectStatus) -> String {
        switch project.state {
        case .ready: project.rolledBack == nil ? "ready" : "ready (rolled back)"
        case .building: project.current == nil ? "building" : "building (the old environment is active)"
        case .failed: project.current == nil ? "failed" : "failed (the old environment is active)"
        case .waitingForWord where project.current != nil: "waiting for your word (the old environment is active)"
        default: project.state.rawValue
        }
    }

    private static func diagnostic(_ kind: String, _ diagnostic: Diagnostic) -> [String] {
        let label = kind.padding(to: 13)
        var lines = diagnostic.message.split(whereSeparator: \.isNewline).enumerated().map { index, line in
            "  \(index == 0 ? label : String(repeating: " ", count: 13))\(line)"
        }
        if let location = diagnostic.location {
            let place = [location.line, location.line == nil ? nil : location.column].compactMap { $0 }
            lines.append("  at           \(location.file)\(place.map { ":\($0)" }.joined())")
        }
        for (index, line) in (diagnostic.hint ?? "").split(separator: "\n").enumerated() {
            lines.append((index == 0 ? "  hint         " : "               ") + line)
        }
        return lines
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

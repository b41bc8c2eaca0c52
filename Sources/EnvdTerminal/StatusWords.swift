package import EnvdControl
package import EnvdCore
internal import EnvdSystem

/// How a project stands, in words, for a terminal or for a pipe.
///
/// For a pipe everything is told in full, in a form that scripts read; a terminal gets paths as people write them, ages
/// and bars.
package struct StatusWords: Sendable {
    /// A line about a project: what it tells of, and that.
    package struct Row: Sendable {
        package var label: String
        package var text: StyledText
        /// Whether it is cut at its beginning, and not wrapped, where it is too long.
        package var isPath = false
    }

    /// Nil for a pipe.
    let screen: ScreenTraits?
    let home: Path?
    /// The working directory: a command typed there needs no directory.
    let here: Path?
    let now: Timestamp

    package init(screen: ScreenTraits? = nil, home: Path? = nil, here: Path? = nil, now: Timestamp = .now) {
        self.screen = screen
        self.home = home
        self.here = here
        self.now = now
    }

    // MARK: One project

    /// `/home/ada/weather: ready`.
    package func headline(_ project: ProjectStatus) -> StyledText {
        var room = Int.max
        let state = self.state(project) + StyledText(standing(project))
        // A long path gives way to the state, as long as something of it stays.
        if let screen { room = max(16, screen.columns - state.columns - 2) }
        let root = path(project.root).clippedAtStart(to: room, mark: ellipsis)
        return StyledText(root, screen == nil ? .plain : .strong) + ": " + state
    }

    /// The state with its colour.
    func state(_ project: ProjectStatus) -> StyledText { StyledText(project.state.rawValue, Self.style(project.state)) }

    private func standing(_ project: ProjectStatus) -> String {
        let older = project.current == nil ? "" : " (the old environment is active)"
        guard screen != nil else {
            switch project.state {
            case .ready: return project.rolledBack == nil ? "" : " (rolled back)"
            case .building, .failed, .waitingForWord: return older
            default: return ""
            }
        }
        switch project.state {
        case .ready:
            return (project.rolledBack == nil ? "" : " (rolled back)") + (built(project).map { ", \($0)" } ?? "")
        case .failed: return (failed(project).map { ", \($0)" } ?? "") + older
        case .building, .waitingForWord: return older
        default: return ""
        }
    }

    /// `built 3 hours ago`.
    func built(_ project: ProjectStatus) -> String? {
        project.current?.built.flatMap { Timestamp(text: $0) }.map { "built \(Elapsed.age($0, now: now))" }
    }

    func failed(_ project: ProjectStatus) -> String? {
        project.failed.flatMap { Timestamp(text: $0) }.map { Elapsed.age($0, now: now) }
    }

    /// All that there is to say below the headline.
    package func rows(_ project: ProjectStatus) -> [Row] {
        var rows: [Row] = []
        func add(_ label: String, _ text: String, isPath: Bool = false) {
            rows.append(Row(label: label, text: StyledText(text), isPath: isPath))
        }
        if let current = project.current {
            let python = current.python.map { ", Python \($0)" } ?? ""
            add("environment", "generation \(current.number)\(python), by \(current.engine)")
            add("prefix", path(current.prefix), isPath: true)
        }
        if let back = project.rolledBack {
            add("rolled back", "to generation \(back.to), until the manifests change; \(Self.forward(back))")
        }
        for phrase in project.current?.drift ?? [] { add("by hand", phrase) }
        if let build = project.build { rows += self.rows(build) }
        if !project.followed.isEmpty {
            add("follows", project.followed.map { name($0, in: project) }.joined(separator: ", "))
        }
        for file in project.passedOver { add("passed over", "\(name(file.path, in: project)): \(file.reason)") }
        for variable in project.wantedVariables { add("wants", "${\(variable)} from a shell") }
        for warning in project.warnings { rows += self.rows("warning", warning, of: project) }
        for ask in project.asks ?? [] {
            let place = ask.location.map { " (\(name($0.file, in: project))\($0.line.map { ":\($0)" } ?? ""))" }
            add("asks for", "\(ask.source.phrase)\(place ?? "")")
        }
        if let failure = project.failure, failure.asks == nil {
            rows += self.rows("error", failure, of: project)
            add("more", command("envd log", project))
        }
        switch project.state {
        case .notAllowed, .denied: add("to allow it", command("envd allow", project))
        case .waitingForWord:
            add("to allow it", command("envd allow", project))
            add("more", command("envd allow --dry-run", project))
        default: break
        }
        return rows
    }

    private func rows(_ kind: String, _ diagnostic: Diagnostic, of project: ProjectStatus) -> [Row] {
        let style: StyledText.Style = screen == nil ? .plain : kind == "error" ? .bad : .asking
        var rows = diagnostic.message.split(whereSeparator: \.isNewline).enumerated().map { index, line in
            Row(label: index == 0 ? kind : "", text: StyledText(String(line), style))
        }
        if let location = diagnostic.location {
            let place = [location.line, location.line == nil ? nil : location.column].compactMap { $0 }
            let file = screen == nil ? "\(location.file)" : name(location.file, in: project)
            let line = Row(label: "at", text: StyledText("\(file)\(place.map { ":\($0)" }.joined())"), isPath: true)
            rows.append(line)
            if let words = source(location) { rows.append(Row(label: "", text: StyledText(words, .faint))) }
        }
        for (index, line) in (diagnostic.hint ?? "").split(separator: "\n").enumerated() {
            rows.append(Row(label: index == 0 ? "hint" : "", text: StyledText(String(line))))
        }
        return rows
    }

    /// The line of a manifest, as it is now: for eyes, and without secrets.
    private func source(_ location: Diagnostic.Location) -> String? {
        guard screen != nil, let number = location.line,
            let content = try? FileSystem.read(location.file, limit: 1 << 20)
        else { return nil }
        let lines = content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.indices.contains(number - 1) else { return nil }
        let line = Redaction()(String(decoding: lines[number - 1], as: UTF8.self))
        let words = line.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return words.isEmpty ? nil : "\(number) | \(words)".clipped(to: 200, mark: ellipsis)
    }

    /// How the user goes forward from a generation that they went back to.
    package static func forward(_ back: ProjectStatus.Rollback) -> String {
        back.canGoForward
            ? "forward again: `envd rollback \(back.from)` or `envd build`" : "forward again: `envd build`"
    }

    // MARK: A build

    private func rows(_ build: ProjectStatus.Build) -> [Row] {
        guard let screen else {
            let counted = build.progress.flatMap { progress in
                progress.done.flatMap { done in progress.total.map { " (\(done) of \($0))" } }
            }
            let package = build.progress?.package.map { " \($0)" } ?? ""
            let seconds = Double(build.milliseconds / 100) / 10
            let words = "\(build.phase)\(package)\(counted ?? ""), for \(seconds) s (\(build.reason))"
            return [Row(label: "build", text: StyledText(words))]
        }
        var rows = [Row(label: "build", text: StyledText(words(build), .busy))]
        if screen.isObedient, let fraction = build.progress?.fraction {
            let width = min(30, screen.columns - 24)
            rows.append(
                Row(label: "", text: StyledText(ProgressBar.text(fraction, width: width, isUTF8: screen.isUTF8))))
        }
        rows.append(Row(label: "because", text: StyledText(build.reason)))
        return rows
    }

    /// `downloading numpy, 1 of 3, 18.6 MB of 47.2 MB, for 4 s`.
    func words(_ build: ProjectStatus.Build) -> String {
        let progress = build.progress ?? BuildProgress()
        var words = [build.phase + (progress.package.map { " \($0)" } ?? "")]
        if let total = progress.total {
            words.append(progress.done.map { "\($0) of \(total)" } ?? "\(total) package\(total == 1 ? "" : "s")")
        }
        if let total = progress.totalBytes {
            words.append(progress.doneBytes.map { "\($0) of \(total)" } ?? total.description)
        }
        return (words + ["for \(Elapsed.length(build.milliseconds / 1000))"]).joined(separator: ", ")
    }

    // MARK: Words

    /// With `~` for the home.
    func path(_ path: Path) -> String {
        guard screen != nil, let home, home != .root, let rest = path.relative(to: home) else {
            return path.description.printable
        }
        return rest == "." ? "~" : "~/\(rest)".printable
    }

    private func name(_ file: Path, in project: ProjectStatus) -> String {
        file.relative(to: project.root)?.description ?? path(file)
    }

    /// To be typed, or pasted.
    func command(_ words: String, _ project: ProjectStatus) -> String {
        guard screen != nil else { return "\(words) \(project.root.shellWord)" }
        if let here, here.isWithin(project.root) { return words }
        guard let home, home != .root, let rest = project.root.relative(to: home), rest != "." else {
            return "\(words) \(project.root.shellWord)"
        }
        return "\(words) ~/\(rest.shellWord)"
    }

    var ellipsis: String { screen?.ellipsis ?? "..." }

    static func style(_ state: ProjectStatus.State) -> StyledText.Style {
        switch state {
        case .ready: .good
        case .building: .busy
        case .failed: .bad
        case .waitingForWord, .waitingForShell, .notAllowed: .asking
        case .denied, .notAProject, .forgotten: .faint
        }
    }
}

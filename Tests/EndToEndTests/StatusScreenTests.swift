import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Glibc
import Testing

/// What people see: real terminals, looked at through tmux.
@Suite("The status on a screen", .timeLimit(.minutes(30)))
struct StatusScreenTests {
    private let home: Home
    private let project: GatedProject
    private let pane: TerminalPane
    private let schema: StatusSchema

    init() throws {
        home = try Home()
        project = try GatedProject(home, "home/weather")
        try project.closeGate()
        try home.envd("allow", in: project.root).expect(0)
        try project.waitForArrival()
        pane = try TerminalPane(home, columns: 80, directory: project.root)
        schema = try StatusSchema()
    }

    /// The project's state in JSON, after a look at the whole document.
    private func validState(_ arguments: [String] = [], in directory: Path? = nil) throws -> String {
        let text = try home.run(Programs.envd, ["status", "--json"] + arguments, in: directory ?? project.root).expect(
            0)
        let faults = try schema.faults(in: text.output)
        #expect(faults.isEmpty, "\(faults) in \(text.output)")
        return try StatusDocument(text.output).projects.first?.state ?? ""
    }

    /// All that a program writes to a terminal of its own.
    private func written(_ arguments: [String], _ more: [ByteString: ByteString]) throws -> String {
        let terminal = try Terminal(
            [Programs.envd.description] + arguments, environment: home.variables.merging(more) { $1 },
            workingDirectory: project.root, columns: 80)
        #expect(try terminal.waitForExit(within: 120) == 0)
        return terminal.text()
    }

    @Test("a build shows what is at hand, at 80 and at 40 columns, on a dumb terminal and to a pipe; then it is ready")
    func building() throws {
        // uv's line comes before its backend's, and may be heard after it.
        var lines: [String] = []
        repeat { lines = try pane.run("envd status") } while !lines.contains { $0.contains("building gated") }
        #expect(lines[0] == "~/weather: building")
        #expect(lines[1].hasPrefix("  build        building gated, 0 of 1, for "))
        #expect(lines[2] == "               ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░ 0 %")
        #expect(lines[3...] == ["  because      allowed", "  follows      pyproject.toml"])
        #expect(try pane.run("LC_ALL=C envd status")[2].hasPrefix("               [......"))

        let pipe = try home.envd("status", in: project.root).expect(0).output.split(separator: "\n")
        #expect(pipe[0] == "\(project.root): building")
        #expect(pipe[1].hasPrefix("  build        building gated (0 of 1), for ") && pipe[1].hasSuffix(" s (allowed)"))
        let dumb = try written(["status"], ["TERM": "dumb"])
        #expect(!dumb.contains("\u{1b}") && !dumb.contains("%") && dumb.contains("building gated, 0 of 1, for"))
        #expect(try written(["status"], ["TERM": "xterm"]).contains("\u{1b}[36mbuilding\u{1b}[0m"))
        #expect(try !written(["status"], ["TERM": "xterm", "NO_COLOR": "1"]).contains("\u{1b}"))
        #expect(
            try !written(["status", "--color", "never"], ["TERM": "xterm", "FORCE_COLOR": "1"]).contains("\u{1b}"))
        #expect(home.envd("status", in: project.root, with: ["FORCE_COLOR": "1"]).output.contains("\u{1b}[36m"))
        #expect(try validState() == "building")

        try pane.resize(columns: 40)
        lines = try pane.run("envd status")
        #expect(lines[0...1].joined().contains("~/weather: building  build: building gated, 0 of"))
        #expect(lines.suffix(2) == ["  because: allowed", "  follows: pyproject.toml"])
        try pane.resize(columns: 80)
        try project.openGate()
        try home.envd("wait", in: project.root).expect(0)
        #expect(try pane.run("envd status")[0].hasPrefix("~/weather: ready, built "))
        #expect(try validState() == "ready")

        // Those that are not ready.
        let old = try home.project(
            "home/old", files: ["pyproject.toml": "[project]\nname = 'old'\nrequires-python = '>=99'\n"])
        try home.envd("allow", in: old).expect(0)
        let followed = try home.envd("log", "--follow", in: old).expect(1).output
        #expect(followed.split(separator: "\n").last == "\(old): failed", "\(followed)")
        let denied = try home.project("home/予報", files: ["requirements.txt": ""])
        try home.envd("deny", in: denied).expect(0)
        #expect(try validState(in: old) == "failed")
        #expect(try validState(in: denied) == "denied")
        let foreign = try home.project("home/new", files: ["requirements.txt": ""])
        #expect(try validState(in: foreign) == "not allowed")
        #expect(try validState(["--all"]) != "")

        lines = try pane.run("envd status ~/old")
        #expect(lines[0].hasPrefix("~/old: failed, "))
        #expect(lines.contains("  at           pyproject.toml:3"), "\(lines)")
        #expect(lines.contains("               3 | requires-python = '>=99'"))
        #expect(lines.contains("  more         envd log ~/old"))
        lines = try pane.run("envd status --all")
        #expect(lines.count == 4 && lines[3] == "3 projects: 1 denied, 1 failed, 1 ready", "\(lines)")
        #expect(lines.contains { $0.hasPrefix("failed  ~/old      could not ") && $0.hasSuffix("…") }, "\(lines)")
        #expect(lines.contains("denied  ~/予報") && lines.contains { $0.hasPrefix("ready   ~/weather  built ") })
        try pane.resize(columns: 40)
        lines = try pane.run("envd status --all")
        #expect(lines.contains("failed  ~/old") && lines.contains("ready   ~/weather"), "\(lines)")
        #expect(lines.contains { $0.hasPrefix("  could not ") })
    }

    @Test("--watch follows an edit, a stop, another size and another daemon, and leaves the terminal as it was")
    func watching() throws {
        try project.openGate()
        try home.envd("wait", in: project.root).expect(0)
        let dumb = try Terminal(
            [Programs.envd.description, "status", "--watch"], environment: home.variables,
            workingDirectory: project.root, columns: 80)
        try dumb.expect("\(project.root): ready")

        try pane.start("envd status --watch")
        try pane.wait(for: "the status") { $0.first?.hasPrefix("~/weather: ready, built ") == true }
        #expect(try !pane.cursor.isVisible)
        try project.closeGate()
        try project.save(dependencies: "\"idna\"")
        try project.waitForArrival()
        var lines = try pane.wait(for: "the build") { $0.contains { $0.contains("building gated") } }
        #expect(lines[0] == "~/weather: building (the old environment is active)")
        #expect(lines.count { $0.hasPrefix("~/weather") } == 1)
        try project.openGate()
        lines = try pane.wait(for: "its end") { $0.first?.hasPrefix("~/weather: ready") == true }
        #expect(lines.count == 4 && lines[1].contains("generation 2"), "\(lines)")
        try dumb.expect("\(project.root): building (the old environment is active)")
        try dumb.expect("\(project.root): ready")
        let told = dumb.text().split(whereSeparator: \.isNewline)
        #expect(!dumb.text().contains("\u{1b}") && told.allSatisfy { $0.hasPrefix("\(project.root): ") })
        // No line says what the one before it said.
        #expect(zip(told, told.dropFirst()).allSatisfy { $0 != $1 }, "\(told)")

        // Stopped, and on again.
        try pane.press("C-z")
        try pane.wait(for: "the prompt") { $0.contains { $0.contains("Stopped") } && $0.last == "$" }
        #expect(try pane.cursor.isVisible)
        try pane.start("fg")
        try pane.wait(for: "the status again") { $0.count == 5 && $0[1].hasPrefix("~/weather: ready") }
        #expect(try !pane.cursor.isVisible)
        // Here tmux takes lines that have become too long into its history, and what stood above them.
        try pane.resize(columns: 40)
        lines = try pane.wait(for: "narrow lines") { $0.contains("  environment: generation 2, Python") }
        #expect(lines.count { $0.hasPrefix("~/weather") } == 1, "\(lines)")
        try pane.resize(columns: 80)
        try pane.wait(for: "wide lines") { $0.contains { $0.hasPrefix("  environment  generation 2") } }

        // Who watches starts no daemon, and goes on with the next.
        try home.signalDaemon(SIGTERM)
        try pane.wait(for: "word of it") { $0.last?.hasPrefix("the daemon went away") == true }
        try home.waitForDaemonsEnd()
        #expect(try validState() != "")
        lines = try pane.wait(for: "the next daemon's word") {
            $0.count == 4 && $0[0].hasPrefix("~/weather: ready")
        }

        try pane.press("C-c")
        let after = try pane.wait(for: "the prompt") { $0.last == "$" }
        #expect(after == lines + ["$"], "\(after)")
        let cursor = try pane.cursor
        #expect(cursor.isVisible && cursor.column == 2 && cursor.row == after.count - 1)
        #expect(try pane.run("envd status --watch --nonsense 2>/dev/null; echo \"<$?>\"") == ["<64>"])
        #expect(try pane.run("stty -a | grep -ow -e -echo -e echo") == ["echo"])
    }

    @Test("--watch ends with 130 when it is interrupted, and shows as much as fits")
    func interrupted() throws {
        try pane.resize(columns: 80, rows: 4)
        try pane.start("envd status --watch; echo \"<$?>\"")
        let lines = try pane.wait(for: "the status") { $0.contains { $0.contains("building") } }
        #expect(lines.count == 3 && lines[2].hasPrefix("… and "), "\(lines)")
        try pane.press("C-c")
        try pane.wait(for: "its end") { $0.contains("<130>") }
        #expect(try pane.cursor.isVisible)
        try project.openGate()
    }
}

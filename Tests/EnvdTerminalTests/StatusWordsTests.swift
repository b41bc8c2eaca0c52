import EnvdControl
import EnvdCore
import EnvdTerminal
import Testing

@Suite("The words of a status")
struct StatusWordsTests {
    private let now = Timestamp(seconds: 1_763_800_000)

    private func words(_ screen: ScreenTraits?, here: Path = "/") -> StatusWords {
        StatusWords(screen: screen, home: "/home/ada", here: here, now: now)
    }

    private func project(_ name: String, _ state: ProjectStatus.State) -> ProjectStatus {
        var project = ProjectStatus(root: Path("/home/ada/\(name)"), state: state)
        project.current = ProjectStatus.Current(
            number: GenerationNumber(3),
            prefix: "/home/ada/.local/share/envd/projects/weather-0123456789abcdef/generations/3",
            python: "3.11.2", engine: "uv 0.13.8")
        project.current?.built = now.adding(seconds: -3 * 3600).text
        return project
    }

    private var building: ProjectStatus {
        var building = project("weather", .building)
        building.build = ProjectStatus.Build(
            phase: "downloading", reason: "pyproject.toml changed", milliseconds: 72_400)
        building.build?.progress = BuildProgress(
            package: "numpy", done: 1, total: 3, doneBytes: ByteSize(bytes: 18_600_000),
            totalBytes: ByteSize(bytes: 47_200_000))
        return building
    }

    private var failed: ProjectStatus {
        var failed = project("api", .failed)
        failed.failure = Diagnostic(
            "could not resolve `pyproject.toml`: scikit-lern was not found in the package registry",
            at: .init(file: "/home/ada/api/pyproject.toml", line: 7), hint: "is it `scikit-learn`?")
        failed.failed = now.adding(seconds: -180).text
        return failed
    }

    private func screenshot(_ lines: [StyledText]) -> String { lines.map(\.text).joined(separator: "\n") }

    @Test("are to a pipe what they have always been")
    func pipe() {
        #expect(
            screenshot(words(nil).lines(failed)) == """
                /home/ada/api: failed (the old environment is active)
                  environment  generation 3, Python 3.11.2, by uv 0.13.8
                  prefix       /home/ada/.local/share/envd/projects/weather-0123456789abcdef/generations/3
                  error        could not resolve `pyproject.toml`: scikit-lern was not found in the package registry
                  at           /home/ada/api/pyproject.toml:7
                  hint         is it `scikit-learn`?
                  more         envd log /home/ada/api
                """)
        #expect(
            screenshot(words(nil).lines(building)).contains(
                "\n  build        downloading numpy (1 of 3), for 72.4 s (pyproject.toml changed)"))
    }

    @Test("fit a terminal of 80 columns, with age, bar and short paths")
    func eighty() {
        #expect(
            screenshot(words(.wide(80)).lines(building)) == """
                ~/weather: building (the old environment is active)
                  environment  generation 3, Python 3.11.2, by uv 0.13.8
                  prefix       …/share/envd/projects/weather-0123456789abcdef/generations/3
                  build        downloading numpy, 1 of 3, 18.6 MB of 47.2 MB, for 1 min 12 s
                               ███████████░░░░░░░░░░░░░░░░░░░ 39 %
                  because      pyproject.toml changed
                """)
        #expect(
            screenshot(words(.wide(80)).lines(failed)) == """
                ~/api: failed, 3 minutes ago (the old environment is active)
                  environment  generation 3, Python 3.11.2, by uv 0.13.8
                  prefix       …/share/envd/projects/weather-0123456789abcdef/generations/3
                  error        could not resolve `pyproject.toml`: scikit-lern was not found in
                               the package registry
                  at           pyproject.toml:7
                  hint         is it `scikit-learn`?
                  more         envd log ~/api
                """)
    }

    @Test("fit a terminal of 40 columns")
    func forty() {
        #expect(
            screenshot(words(.wide(40), here: "/home/ada/api/src").lines(failed)) == """
                ~/api: failed, 3 minutes ago (the old
                  environment is active)
                  environment: generation 3, Python
                    3.11.2, by uv 0.13.8
                  prefix:
                    …/generations/3
                  error: could not resolve
                    `pyproject.toml`: scikit-lern was
                    not found in the package registry
                  at: pyproject.toml:7
                  hint: is it `scikit-learn`?
                  more: envd log
                """)
        #expect(
            screenshot(words(.wide(40)).lines(building)).hasSuffix(
                """
                  build: downloading numpy, 1 of 3, 18.6
                    MB of 47.2 MB, for 1 min 12 s
                    ██████░░░░░░░░░░ 39 %
                  because: pyproject.toml changed
                """))
    }

    @Test("have no bar on a dumb terminal, and ASCII alone where the locale has no more")
    func plainTerminals() {
        let dumb = screenshot(words(.wide(80, isObedient: false)).lines(building))
        #expect(!dumb.contains("%") && dumb.contains("1 of 3, 18.6 MB of 47.2 MB"))
        let ascii = screenshot(words(.wide(80, isUTF8: false)).lines(building))
        #expect(
            ascii.allSatisfy(\.isASCII) && ascii.contains("[###########...")
                && ascii.contains(".../share/envd/projects"))
    }

    @Test("say nothing by colour alone")
    func colors() {
        for project in [building, failed, project("weather", .ready), project("x", .denied)] {
            let lines = words(.wide(80)).lines(project)
            let colored = lines.map { $0.rendered(color: true) }.joined()
            let bare = colored.replacing(#/\u{1b}\[[0-9;]*m/#, with: "")
            #expect(bare == lines.map(\.text).joined() && colored != bare)
        }
    }

    @Test("of many projects are a table with the state first, at any width", arguments: [40, 59, 60, 80, 132])
    func table(columns: Int) {
        var projects = [building, failed, project("天気/予報", .ready), project("e\u{301}te\u{301}", .ready)]
        projects.append(project(String(repeating: "deep/", count: 30) + "down", .ready))
        let lines = words(.wide(columns)).table(projects)
        #expect(lines.allSatisfy { $0.columns <= columns }, "\(screenshot(lines))")
        #expect(lines.map(\.text).contains { $0.hasPrefix("building  ~/weather") })
        #expect(lines.map(\.text).contains { $0.hasPrefix("ready     …") && $0.contains("/down") })
        #expect(screenshot(lines).contains("could not resolve"))
        if columns >= 60 {
            // The last column begins at the same place, whatever the width of the characters before it.
            let starts = lines.compactMap { line in
                line.text.firstRange(of: "built").map { line.text[..<$0.lowerBound].columns }
            }
            #expect(starts.count == 3 && Set(starts).count == 1)
        }
        #expect(words(.wide(80)).summary(projects).text == "5 projects: 3 ready, 1 building, 1 failed")
    }
}

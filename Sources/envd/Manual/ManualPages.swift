internal import ArgumentParser
internal import EnvdCore
internal import EnvdManifest

/// The manual: made of what the parser, the settings and the variables say of themselves.
enum ManualPages: String, CaseIterable, ExpressibleByArgument {
    case envd
    case hook = "envd-hook"
    case settings = "envd.toml"
    /// The settings as a table of Markdown, for the README.
    case table = "settings.md"

    /// - Throws: the parser's description of itself cannot be read.
    func text() throws -> String {
        switch self {
        case .envd: try Self.program()
        case .hook: Self.hookProgram()
        case .settings: Self.settingsFile()
        case .table: Self.settingsTable()
        }
    }

    // MARK: envd(1)

    private static func program() throws -> String {
        let help = try CommandHelp.ofProgram()
        var page = RoffPage("envd", section: 1, summary: "Python and conda environments that are ready before you cd")
        page.section("SYNOPSIS")
        page.synopsis("envd <command> [<argument> ...]")
        page.section("DESCRIPTION")
        describe(help, &page)
        page.paragraph(
            "A directory that a command takes may be any in the project; without one the working directory is meant. "
                + "Every command knows `--help`.")
        page.section("COMMANDS")
        for command in help.subcommands { describeCommand(command, "envd", &page) }
        page.section("EXIT STATUS")
        page.item("0", "all went well")
        for status in CommandFailure.Status.allCases { page.item("\(status.rawValue)", status.meaning) }
        page.section("ENVIRONMENT")
        page.paragraph("What envd itself obeys:")
        list(EnvironmentVariable.known.filter { !$0.role.isDisjoint(with: [.hook, .command, .daemon]) }, &page)
        page.paragraph(
            "What shells hand over to the daemon, which keeps it in memory and gives it to the engines alone, beside what "
                + "a manifest names with `${NAME}`:")
        list(EnvironmentVariable.known.filter { $0.role.contains(.engines) }, &page)
        page.paragraph("What an active environment sets or changes, beside what its packages and manifests ask for:")
        list(EnvironmentVariable.known.filter { $0.role.contains(.set) }, &page)
        page.section("OTHER PROGRAMS")
        page.paragraph(
            "The control socket speaks varlink (varlink.org): any client of that may call what `envd` calls, and watch by "
                + "`Monitor`. The interface, dev.envd.Control, describes itself:")
        page.example(["python3 -m varlink.cli help unix:$XDG_RUNTIME_DIR/envd/control/dev.envd.Control"])
        files(&page)
        page.seeAlso([("envd-hook", 1), ("envd.toml", 5), ("uv", 1), ("conda", 1)])
        return page.text
    }

    private static func describe(_ help: CommandHelp, _ page: inout RoffPage) {
        for paragraph in help.discussion {
            if paragraph.count > 1 { page.example(paragraph) } else { paragraph.forEach { page.paragraph($0) } }
        }
    }

    private static func describeCommand(_ command: CommandHelp, _ above: String, _ page: inout RoffPage) {
        let name = "\(above) \(command.name)"
        let positionals = command.arguments.filter(\.isPositional)
        let options = command.arguments.filter { !$0.isPositional }
        page.subsection(([name] + (options + positionals).map(\.usage)).joined(separator: " "))
        page.paragraph(command.abstract)
        describe(command, &page)
        for argument in positionals + options { page.item(argument.title, argument.meaning) }
        for inner in command.subcommands { describeCommand(inner, name, &page) }
    }

    private static func list(_ variables: [EnvironmentVariable], _ page: inout RoffPage) {
        for variable in variables where !variable.role.contains(.inner) {
            page.item(variable.text, variable.meaning.description)
        }
    }

    private static func files(_ page: inout RoffPage) {
        page.section("FILES")
        page.item("~/.config/envd/config.toml", "your settings: envd.toml(5)")
        page.item("envd.toml", "a project's settings, also `[tool.envd]` of its pyproject.toml: envd.toml(5)")
        page.item(
            "~/.local/share/envd/projects/NAME-ID/generations/N",
            "environments; the link `current` beside them leads editors to the one that shells get")
        page.item("~/.local/share/envd/engines", "engines that envd installed for itself")
        page.item("~/.local/state/envd", "what envd remembers, and the logs of builds")
        page.item("~/.cache/envd", "the engines' caches: can be removed")
        page.item("$XDG_RUNTIME_DIR/envd", "sockets, what the shells read, and the daemon's log")
        page.item(
            "share/envd, below the prefix that envd is installed in",
            "the interface file for varlink, and `use envd` for direnv")
    }

    // MARK: envd-hook(1)

    private static func hookProgram() -> String {
        var page = RoffPage("envd-hook", section: 1, summary: "what a shell's hook asks of envd")
        page.section("SYNOPSIS")
        page.synopsis("envd-hook hello|ask <shell> [<variable> ...]")
        page.synopsis("envd-hook switch <shell> [<id>]")
        page.synopsis("envd-hook settle <shell>")
        page.section("DESCRIPTION")
        page.paragraph(
            "The hooks of bash, zsh and fish run it; nobody has to. A shell loads its hook at its start, by the lines that "
                + "`envd setup` writes, and looks at each prompt and after each `cd` whether anything changed, without any "
                + "program. Only where the daemon has to be asked does it run `envd-hook`, and evaluates what that prints."
        )
        page.item(
            "hello, ask",
            "tells the daemon of the shell, which is the parent process in `$PWD`, and asks it; the "
                + "answer is waited for 50 milliseconds. The variables named are handed over, too.")
        page.item("switch", "goes to the project with this id as it was last published, or out of any; asks nobody")
        page.item("settle", "after scripts of conda's packages, which `switch` had the shell read")
        page.section("EXIT STATUS")
        page.paragraph(
            "Always 0: a prompt is no place for a daemon's troubles, which `envd status` and `envd doctor` tell.")
        page.section("ENVIRONMENT")
        page.paragraph("What the hooks and `envd-hook` read:")
        list(EnvironmentVariable.known.filter { $0.role.contains(.hook) }, &page)
        page.section("FILES")
        page.item("$XDG_RUNTIME_DIR/envd/state", "a line that changes when an answer to a shell may have changed")
        page.item("$XDG_RUNTIME_DIR/envd/roots", "the answers, by the path of the project")
        page.seeAlso([("envd", 1), ("envd.toml", 5)])
        return page.text
    }

    // MARK: envd.toml(5)

    private static func settingsFile() -> String {
        var page = RoffPage("envd.toml", section: 5, summary: "settings of envd, of a user and of a project")
        page.section("SYNOPSIS")
        page.paragraph("`~/.config/envd/config.toml`, `envd.toml`, `[tool.envd]` in `pyproject.toml`")
        page.section("DESCRIPTION")
        page.paragraph(
            "TOML, in the user's `config.toml` for all projects, and in a project's `envd.toml`, else in `[tool.envd]` of "
                + "its pyproject.toml. Each key belongs into one of them, or into both, as said below; what a project says "
                + "can never widen what its user allowed. A key that there is none of, or a value of another type, is "
                + "named with its file and line, and nothing of that file holds until it is mended. Files are read again "
                + "when they are saved. `envd config` and `envd config DIR` tell what holds, and where it was said.")
        page.section("KEYS")
        for setting in Setting.known {
            page.item(
                setting.name,
                "\(setting.meaning). Has to be \(setting.kind.expectation). Default: \(preset(setting)). In: "
                    + "\(places(setting).joined(separator: ", ")).")
        }
        page.paragraph(
            "As a table, `ld_library_path` leaves some libraries out: `{ mode = \"safe\", exclude = [\"libfoo*\"] }`, by "
                + "soname or file name, with `*` for any text.")
        page.section("EXAMPLES")
        page.paragraph("A user's `config.toml`:")
        page.example(["ld_library_path = \"safe\"", "trust = \"ask\"", "", "[store]", "keep = 3", "max = \"20GB\""])
        page.paragraph("A project's `envd.toml`:")
        page.example(["inputs = [\"requirements/dev.txt\"]", "python = \">=3.11\"", "engine = \"uv\""])
        page.paragraph("The same in a `pyproject.toml`:")
        page.example(["[tool.envd]", "groups = [\"dev\", \"docs\"]", "project = \"none\""])
        page.seeAlso([("envd", 1), ("envd-hook", 1)])
        return page.text
    }

    private static func preset(_ setting: Setting) -> String {
        switch setting.preset {
        case .value(let value): value.tomlText
        case .words(let words): words
        }
    }

    private static func places(_ setting: Setting) -> [String] {
        Setting.Place.allCases.filter { setting.places.contains($0) }.map { $0 == .user ? "config.toml" : "envd.toml" }
    }

    private static func settingsTable() -> String {
        var lines = ["| key | type | default | in | |", "| --- | --- | --- | --- | --- |"]
        for setting in Setting.known {
            var standard = preset(setting)
            if case .value = setting.preset { standard = "`\(standard)`" }
            let cells = [
                "`\(setting.name)`", setting.kind.title, standard,
                places(setting).joined(separator: ", "), lowered(setting.meaning),
            ]
            lines.append("| \(cells.joined(separator: " | ")) |")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func lowered(_ text: String) -> String { text.prefix(1).lowercased() + text.dropFirst() }
}

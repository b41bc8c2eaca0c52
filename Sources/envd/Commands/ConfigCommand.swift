internal import ArgumentParser
internal import EnvdControl
internal import EnvdCore
internal import EnvdManifest
internal import EnvdSystem

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "List the settings as they hold, and where each was said.",
        discussion: """
            Without a directory: what config.toml of yours says. With one: what holds for the project around it, by \
            your file, its envd.toml or [tool.envd] of its pyproject.toml. All keys are in the manual: man envd.toml

            The exit status is 1 where a file says what it may not.
            """)

    @Argument(help: "A directory of a project (default: your own settings alone).", completion: Suggestions.projects)
    var directory: String?
    @Flag(help: "Print JSON, in a format that stays.") var json = false

    func run() throws {
        let settings = try settings()
        if json {
            let document = SettingsDocument(settings)
            StandardOutput.write(try ControlCoding.json(document, pretty: true) + [UInt8(ascii: "\n")])
        } else {
            Self.lines(settings).forEach { printLine($0) }
        }
        for problem in settings.problems { printError("error: \(problem)") }
        if !settings.problems.isEmpty { throw ExitCode(CommandFailure.Status.failure.rawValue) }
    }

    private func settings() throws -> EffectiveSettings {
        guard let directory else { return EffectiveSettings(root: nil) }
        let place: Path
        do throws(SystemError) {
            place = try FileSystem.canonical(ProjectArgument.path(of: directory))
        } catch {
            throw CommandFailure(Diagnostic("could not find `\(directory)`: \(error.cause)"))
        }
        let home = ProcessEnvironment.path(.home).flatMap { try? FileSystem.canonical($0) }
        guard let root = EffectiveSettings.root(around: place, home: home) else {
            throw CommandFailure(
                Diagnostic(
                    "could not find a project in `\(place)` or above it", hint: "`envd config` has your own settings"))
        }
        return EffectiveSettings(root: root)
    }

    static func lines(_ settings: EffectiveSettings) -> [String] {
        let rows = settings.entries.map { entry in
            let place = entry.location.map { "\($0.file)\($0.line.map { ":\($0)" } ?? "")" }
            return (entry.setting.name, entry.text, place ?? "default")
        }
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(0, width - text.count))
        }
        let names = rows.map { $0.0.count }.max() ?? 0
        // A long list moves its own line alone.
        let values = min(rows.map { $0.1.count }.max() ?? 0, 36)
        return rows.map { "\(padded($0.0, names))  \(padded($0.1, values))  \($0.2)" }
    }
}

/// `envd config --json`, version 1.
private struct SettingsDocument: Encodable {
    struct Entry: Encodable {
        var name: String
        var value: SettingValue?
        /// Whether nobody said anything of it; `value` is then the preset, or null where that depends.
        var isDefault: Bool
        var file: Path?
        var line: Int?
        var type: String
        var settableBy: [String]
        var meaning: String
    }

    var version = 1
    var configuration: Path?
    var project: Path?
    var settings: [Entry]
    var problems: [Diagnostic]

    init(_ effective: EffectiveSettings) {
        configuration = effective.configuration
        project = effective.root
        problems = effective.problems
        settings = effective.entries.map { entry in
            var value = entry.value
            if case .value(let preset) = entry.setting.preset, value == nil { value = preset }
            return Entry(
                name: entry.setting.name, value: value.map { SettingValue(value: $0) }, isDefault: entry.value == nil,
                file: entry.location?.file, line: entry.location?.line, type: entry.setting.kind.title,
                settableBy: entry.setting.places.map(\.rawValue).sorted(), meaning: entry.setting.meaning)
        }
    }
}

/// A value as JSON has it.
private struct SettingValue: Encodable {
    var value: CanonicalValue

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch value {
        case .text(let text): try container.encode(text)
        case .integer(let number): try container.encode(number)
        case .number(let number): try container.encode(number)
        case .truth(let truth): try container.encode(truth)
        case .list(let values): try container.encode(values.map { SettingValue(value: $0) })
        case .table(let table): try container.encode(table.mapValues { SettingValue(value: $0) })
        }
    }
}

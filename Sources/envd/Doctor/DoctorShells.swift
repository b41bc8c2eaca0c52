internal import EnvdCore
internal import EnvdShell
internal import EnvdSystem

/// Whether the user's shells load the hook.
enum DoctorShells {
    /// One for each start-up file that matters here.
    static func findings() -> [DoctorReport.Finding] {
        var findings: [DoctorReport.Finding] = []
        if ProcessEnvironment.value(.disable) != nil {
            findings.append(
                .init(
                    .note, "hook", "ENVD_DISABLE is set here: shells that start with it do not load the hook",
                    hint: "unset ENVD_DISABLE, and open a new shell"))
        }
        guard let home = ProcessEnvironment.path(.home) else { return findings }
        return findings + StartupFile.used(home: home).map(finding)
    }

    private static func finding(_ file: StartupFile) -> DoctorReport.Finding {
        let name = file.shell.rawValue
        let content: [UInt8]?
        do {
            content = try file.content()
        } catch {
            return .init(.note, "hook", "\(name): could not read `\(file.path)`: \(error.cause)")
        }
        return switch StartupBlock.state(of: content ?? []) {
        case .present, .edited: .init(.ok, "hook", "\(name) loads it, by `\(file.path)`")
        case .byHand(let line): .init(.ok, "hook", "\(name) loads it, by line \(line) of `\(file.path)`")
        case .without:
            .init(
                .note, "hook", "\(name) does not load it: `\(file.path)` has no line for it",
                hint: "`envd setup \(name)` writes it")
        case .damaged(let line):
            .init(
                .problem, "hook",
                "\(name): the markers of `envd setup` in `\(file.path)` do not belong together, line \(line)",
                hint: "take them out by hand, then: envd setup \(name)")
        }
    }
}

internal import EnvdControl
internal import EnvdCore
internal import EnvdSystem
internal import EnvdTerminal

/// A project's status where it is told in full, whoever reads it.
enum StatusText {
    /// Several lines about one project.
    static func lines(_ project: ProjectStatus) -> [String] { StatusWords().lines(project).map(\.text) }

    /// One line about one of many projects.
    static func line(_ project: ProjectStatus) -> String { StatusWords().line(project).text }
}

extension StatusWords {
    /// For standard output as it is, in this process's home and working directory.
    init(_ screen: ScreenTraits) {
        self.init(
            screen: screen.isTerminal ? screen : nil, home: ProcessEnvironment.path(.home),
            here: WorkingDirectory.logical)
    }
}

internal import ArgumentParser
internal import EnvdCore
internal import EnvdSystem

/// The argument that most commands share: a project's directory, by default the project around this one.
struct ProjectArgument: ParsableArguments {
    @Argument(help: "A directory of the project (default: the working directory).", completion: Suggestions.projects)
    var directory: String?

    /// Absolute.
    var path: Path { Self.path(of: directory) }

    func validate() throws {
        // Else `/` would be meant, which may have a project in it.
        if directory?.hasPrefix("/") != true, !WorkingDirectory.exists {
            throw CommandFailure(
                Diagnostic("could not find the working directory: it was removed", hint: "type: cd"))
        }
    }

    /// - Parameter directory: as the user wrote it; nil: the working directory.
    static func path(of directory: String?) -> Path {
        let here = WorkingDirectory.logical
        return directory.map { here.appending(Path($0)) } ?? here
    }
}

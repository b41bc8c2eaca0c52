internal import EnvdCore
internal import EnvdSystem

/// What is wrong with a file that only a link puts into a project is told without its text: a stranger's link may lead
/// to the user's secrets.
enum ForeignText {
    /// The same mistake, without words of the file where that lies outside of the project.
    static func hidden(_ diagnostic: Diagnostic, root: Path) -> Diagnostic {
        guard let location = diagnostic.location, let real = try? FileSystem.canonical(location.file),
            location.file.isWithin(root), let canonicalRoot = try? FileSystem.canonical(root),
            !real.isWithin(canonicalRoot), isReadable(location.file)
        else { return diagnostic }
        let name = (location.file.relative(to: root) ?? location.file).description
        return Diagnostic(
            "could not read `\(name)`: it cannot be understood",
            at: Diagnostic.Location(file: location.file, line: location.line),
            hint: "it is a link to `\(real)`, outside of the project, and its text is not shown")
    }

    /// What cannot be read has no text to show, and says why.
    private static func isReadable(_ file: Path) -> Bool { (try? FileSystem.read(file, prefix: 1)) != nil }
}

internal import EnvdCore
internal import EnvdManifest

/// What a reading wants that the user has not allowed.
struct TrustQuestion {
    let diagnostic: Diagnostic
    /// Whether every change is asked about, and some file changed.
    let isAboutFiles: Bool

    /// Nil where all of it is allowed.
    ///
    /// - Parameters:
    ///   - reading: of the project as it is now.
    ///   - verb: what waits for the answer: `build`, `lock`.
    ///   - isKnownGood: where every change asks and nothing was put down to compare with: whether these files are
    ///     those that were built.
    init?(project: Project, reading: ManifestReading, verb: String = "build", isKnownGood: Bool) {
        // A project without a grant is of an older version, and gets one before anything is built.
        guard let grant = project.grant, case .success(let spec) = reading.spec else { return nil }
        var asks = grant.missing(from: reading.codeSources)
        var isAboutFiles = false
        if (project.mode ?? reading.userSettings.trust) == .ask {
            let inputs = Self.inputs(of: reading)
            let changed = grant.inputs == nil ? (isKnownGood ? [] : inputs.map(\.path)) : grant.changed(inputs)
            isAboutFiles = !changed.isEmpty
            asks += changed.map { path in
                let shown = (path.relative(to: project.root) ?? path).description
                return NamedSource(CodeSource(.changedFile, shown), at: .init(file: path))
            }
        }
        guard let first = asks.first else { return nil }
        self.isAboutFiles = isAboutFiles
        let rest = asks.count > 1 ? ", and \(asks.count - 1) more" : ""
        diagnostic = Diagnostic(
            "could not \(verb) `\(spec.name)`: you did not allow \(first.source.phrase)\(rest)", at: first.location,
            hint: "`envd allow \(project.root.shellWord)` allows it; `envd allow --dry-run` shows all of it",
            asks: asks)
    }

    /// The project's own inputs that are there: the user's settings are the user's own word.
    static func inputs(of reading: ManifestReading) -> [InputFile] {
        reading.inputs.filter { $0.content != nil && !reading.userFiles.contains($0.path) }
    }
}

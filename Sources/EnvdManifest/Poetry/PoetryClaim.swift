internal import EnvdCore

/// Whose a pyproject.toml is, Poetry's or that of the standard's tools: by its tables and the lock files beside it.
enum PoetryClaim {
    enum Owner {
        case poetry
        /// Every tool that reads `[project]`.
        case standard
    }

    /// Both lock files become inputs, there or not.
    ///
    /// - Returns: nil where the file has nothing of Poetry's and nothing that the lock files could decide.
    static func owner(_ document: TOMLDocument, _ context: inout ReadingContext) -> Owner {
        let isLocked = context.files.readIfPresent(context.root / PoetryReader.lockName) != nil
        let isUvLocked = context.files.readIfPresent(context.root / PyprojectFormat.lockName) != nil
        let owner = owner(document, isLocked: isLocked, isUvLocked: isUvLocked)
        switch owner {
        case .poetry where isUvLocked:
            context.passOver(Path(PyprojectFormat.lockName), "the project is Poetry's: `poetry.lock` is what counts")
        case .standard where isLocked:
            context.passOver(Path(PoetryReader.lockName), "`\(PyprojectFormat.lockName)` is followed")
        default: break
        }
        return owner
    }

    private static func owner(_ document: TOMLDocument, isLocked: Bool, isUvLocked: Bool) -> Owner {
        let table = document.value("tool", "poetry")?.asTable
        let isStandard = document.value("project") != nil || document.value("dependency-groups") != nil
        guard isStandard else { return document.value("tool", "poetry") != nil ? .poetry : .standard }
        if isLocked != isUvLocked { return isLocked ? .poetry : .standard }
        let isUvs = document.value("tool", "uv") != nil
        let backend = document.value("build-system", "build-backend")?.asText ?? ""
        // What only Poetry reads; the rest of its table its build backend reads too, whoever calls that.
        let isTold = table.map { entries in
            ["dependencies", "group", "dev-dependencies", "package-mode", "source"].contains { entries[$0] != nil }
        }
        switch isTold {
        case nil: return .standard
        case true?: return isUvs && isUvLocked ? .standard : .poetry
        case false?: return backend.hasPrefix("poetry.") && !isUvs ? .poetry : .standard
        }
    }

    /// Whether `[tool.poetry]` says what is to be installed: settings alone give way to requirements.txt.
    static func namesPackages(_ document: TOMLDocument) -> Bool {
        let entries = document.value("tool", "poetry")?.asTable ?? [:]
        return ["dependencies", "group", "dev-dependencies"].contains { entries[$0] != nil }
    }
}

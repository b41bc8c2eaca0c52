package import EnvdCore
internal import EnvdSystem

/// A copy of a project whose dependencies only its build backend knows: backends write into the tree that
/// they read, and nothing may write into the project.
package enum DynamicSource {
    /// What stands for the project's root, or a copy of it below the scratch directory where `[project] dynamic` names
    /// dependencies.
    package static func place(
        _ layer: PythonLayer, root: Path, context: EngineContext
    ) throws(Diagnostic) -> Path {
        guard needsCopy(layer) else { return context.place(of: root) }
        // A member of a workspace, whose lock file is the workspace's, makes sense in it alone.
        let whole = layer.lockDirectory(root)
        let copy = context.temporary.appending(Path("source")).appending(Path(whole.name.isEmpty ? "root" : whole.name))
        context.log("the dependencies are dynamic: resolved on a copy of the project")
        try self.copy(whole, to: copy, context: context)
        return root.relative(to: whole).map { $0 == Path(".") ? copy : copy.appending($0) } ?? copy
    }

    /// A copy of a project in place of whatever is there, with its inputs as they were read.
    static func copy(_ root: Path, to copy: Path, context: EngineContext) throws(Diagnostic) {
        try telling { () throws(SystemError) in
            try FileSystem.remove(copy)
            var budget = 50_000
            try duplicate(root, to: copy, budget: &budget)
            try context.snapshot?.overlay(copy, of: root)
        }
    }

    private static func needsCopy(_ layer: PythonLayer) -> Bool {
        switch layer.format {
        case .pyproject: layer.project.map { isDynamic($0.metadata) } ?? false
        case .setuptools: layer.project != nil || layer.manifest == "setup.py"
        case .requirements, .poetry, .rye, .pipenv, .pylock, .condaPip: false
        }
    }

    private static func isDynamic(_ value: CanonicalValue) -> Bool {
        guard case .table(let table) = value else { return false }
        if case .list(let names) = table["dynamic"],
            names.contains(.text("dependencies")) || names.contains(.text("optional-dependencies"))
        {
            return true
        }
        return table.values.contains { isDynamic($0) }
    }

    /// What no build backend needs and what may be large.
    private static let skipped: Set<ByteString> = [
        ".venv", "venv", ".tox", ".nox", "node_modules", "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache",
    ]

    private static func duplicate(_ source: Path, to copy: Path, budget: inout Int) throws(SystemError) {
        guard let status = try FileSystem.status(source, followingLink: false) else { return }
        budget -= 1
        guard budget > 0 else { throw SystemError("copy", source, code: tooManyFiles) }
        switch status.kind {
        case .directory:
            try FileSystem.makeDirectories(copy)
            // History is read by version plugins, through a link: it is large and only read.
            for name in try FileSystem.list(source) where !skipped.contains(name) {
                let (from, to) = (source.appending(Path(name)), copy.appending(Path(name)))
                if name == ".git" {
                    try FileSystem.replaceLink(to, to: from)
                } else {
                    try duplicate(from, to: to, budget: &budget)
                }
            }
        case .file:
            // Data files are not looked at for dependencies.
            guard status.size <= 4 << 20 else { return }
            try FileSystem.replace(copy, with: try FileSystem.read(source), mode: status.mode | 0o600)
        case .link: try FileSystem.replaceLink(copy, to: try FileSystem.linkTarget(source))
        case .other: break
        }
    }

    /// EMLINK's neighbour in meaning: "file too large" (EFBIG, errno(3)).
    private static let tooManyFiles: Int32 = 27
}

internal import EnvdCore
internal import EnvdManifest
internal import EnvdSystem

/// A directory with a project's pyproject.toml in which Poetry finds all that the file names: links to the
/// project's other files, and to what lies beside the project at the same relative paths.
struct PoetryCopy {
    let directory: Path
    /// Directories of this machine that the project depends on: their build backends may write there.
    let places: [Path]

    private static let skipped: Set<ByteString> = [
        "pyproject.toml", "poetry.lock", "poetry.toml", ".venv", "venv", ".git", "__pycache__",
    ]

    init(_ layer: PythonLayer, root: Path, below base: Path, context: EngineContext) throws(Diagnostic) {
        let sources = PoetryLayer.paths(of: layer)
        // As deep as the most `..` go up, so that none of them leaves the scratch directory.
        let depth = sources.map { Self.rise($0) }.max() ?? 0
        let parent = (0..<depth).reduce(base) { path, _ in path / "up" }
        let directory = parent.appending(Path(root.name.isEmpty ? "root" : root.name))
        self.directory = directory
        let place = context.place(of: root)
        places = sources.map { root.appending($0).withoutDots }.filter {
            (try? FileSystem.status($0))?.kind == .directory
        }
        try telling { () throws(SystemError) in
            try FileSystem.remove(base)
            try FileSystem.makeDirectories(directory)
            for name in try FileSystem.list(root) where !Self.skipped.contains(name) {
                try FileSystem.replaceLink(directory.appending(Path(name)), to: place.appending(Path(name)))
            }
            try FileSystem.replace(
                directory / "pyproject.toml", with: try FileSystem.read(place.appending(layer.manifest)))
            for source in sources where !source.isAbsolute {
                let link = directory.appending(source).withoutDots
                // What lies in the project is linked already; the project itself and what it lies in cannot be.
                guard !link.isWithin(directory), !directory.isWithin(link), link.isWithin(base) else { continue }
                try FileSystem.makeDirectories(link.parent)
                try FileSystem.replaceLink(link, to: context.place(of: root.appending(source).withoutDots))
            }
        }
    }

    /// How far above its start a relative path goes.
    private static func rise(_ path: Path) -> Int {
        if path.isAbsolute { return 0 }
        var (height, most) = (0, 0)
        for piece in path.bytes.split(separator: UInt8(ascii: "/")) where !piece.isEmpty && piece != "." {
            height += piece == ".." ? 1 : -1
            most = max(most, height)
        }
        return most
    }
}

package import EnvdCore
internal import EnvdSystem

/// The files of a project as they were when it was decided what may be built, in a tree of their own: what engines
/// read in place of the project's.
///
/// An engine opens a file when it comes to it. Who edits one meanwhile (an editor, `git switch`) would else have it
/// obey what nobody allowed. Below `top` every file has its absolute path: inputs are copies, whatever lies beside them
/// and on the way from the root of the file system is a link, but for manifests and settings that were not read, and for
/// what build backends write while they are asked.
package struct InputSnapshot: Sendable {
    /// What an input is no longer.
    package struct Changed: Error {
        package var file: Path
    }

    /// Canonical.
    package let top: Path
    /// The directories that are none of the links.
    private let directories: Set<Path>
    private let copies: [Path]

    /// Names by which uv and Poetry find settings, in the directories above a project too.
    private static let manifests: Set<ByteString> = [
        "pyproject.toml", "uv.toml", "poetry.toml", ".python-version", ".python-versions",
    ]
    /// More entries of a directory are not linked: what engines are told of does not lie among so many.
    private static let mostEntries = 4096
    /// Archives are as large as they like, and hold no settings.
    private static let archives = [".whl", ".zip", ".gz", ".bz2", ".xz", ".tgz", ".conda"]

    /// Copies the inputs and links what lies around them.
    ///
    /// - Parameters:
    ///   - inputs: absolute; those that are not there count as nothing.
    ///   - root: the project's.
    ///   - top: a scratch directory that is not there yet, and the same in each build, for uv keeps what it knows of
    ///     directories by their path.
    /// - Throws: `Changed` where one is not what was read any more; `SystemError`.
    package init(_ inputs: [InputFile], of root: Path, in top: Path) throws {
        try FileSystem.remove(top)
        try FileSystem.makeDirectories(top)
        self.top = try FileSystem.canonical(top)
        var directories: Set<Path> = []
        func add(_ directory: Path) {
            var directory = directory
            while directories.insert(directory).inserted, directory != .root { directory = directory.parent }
        }
        add(root)
        var files: Set<Path> = []
        for input in inputs where input.content != nil && Self.isMirrored(input.path) {
            files.insert(input.path)
            add(input.path.parent)
        }
        for directory in directories { try FileSystem.makeDirectories(Self.mirrored(directory, in: self.top)) }
        for input in inputs where files.contains(input.path) {
            // It may be read by then and not now (EACCES): no more than absent.
            guard let bytes = try? FileSystem.read(input.path), Fingerprint(of: bytes) == input.content else {
                throw Changed(file: input.path)
            }
            let mode = try FileSystem.status(input.path)?.mode ?? 0o600
            try FileSystem.replace(Self.mirrored(input.path, in: self.top), with: bytes, mode: mode & 0o700 | 0o600)
        }
        for directory in directories {
            guard let names = try? FileSystem.list(directory), names.count <= Self.mostEntries else { continue }
            for name in names where !Self.manifests.contains(name) && !name.description.hasSuffix(".egg-info") {
                let entry = directory.appending(Path(name))
                if files.contains(entry) || directories.contains(entry) { continue }
                try FileSystem.makeLink(Self.mirrored(entry, in: self.top), to: entry)
            }
        }
        // uv looks for settings no further up than where it finds some.
        try FileSystem.replace(self.top / "uv.toml", with: [])
        self.directories = directories
        copies = files.sorted { $0.bytes < $1.bytes }
    }

    private static func isMirrored(_ file: Path) -> Bool {
        let name = file.name.description
        return file.isAbsolute && file == file.withoutDots && !archives.contains { name.hasSuffix($0) }
    }

    private static func mirrored(_ path: Path, in top: Path) -> Path {
        path == .root ? top : Path(top.bytes + path.bytes)
    }

    /// What stands for a directory: itself where nothing of it was read.
    func place(of directory: Path) -> Path {
        directories.contains(directory) ? Self.mirrored(directory, in: top) : directory
    }

    /// Puts the files as they were read into a copy of a directory.
    func overlay(_ copy: Path, of directory: Path) throws(SystemError) {
        for file in copies {
            guard let name = file.relative(to: directory) else { continue }
            let place = copy.appending(name)
            guard FileSystem.exists(place.parent) else { continue }
            try FileSystem.replace(place, with: try FileSystem.read(Self.mirrored(file, in: top)))
        }
    }

    /// What a place in the tree stands for.
    func original(of place: Path) -> Path { place == top ? .root : Path(restored(place.bytes)) }

    /// Whether a file of the tree is a copy of an input.
    func holds(_ place: Path) -> Bool { copies.contains(original(of: place)) }

    /// A file's content that a tool wrote, about the project's own places; anything else as it is.
    func restored(_ content: [UInt8]) -> [UInt8] {
        let text = String(decoding: content, as: UTF8.self)
        return text.contains(top.description) || text.contains(PercentCoding.encoded(top))
            ? Array(restored(text).utf8) : content
    }

    fileprivate func restored(_ path: ByteString) -> ByteString {
        let prefix = top.bytes + "/"
        return path.bytes.starts(with: prefix.bytes) ? ByteString(path.bytes.dropFirst(top.bytes.bytes.count)) : path
    }

    /// A text that an engine wrote, about the project's own files.
    package func restored(_ text: String) -> String {
        text.replacing("file://" + PercentCoding.encoded(top) + "/", with: "file:///")
            .replacing(top.description + "/", with: "/")
    }
}

extension EngineContext {
    /// Where engines read a directory: see `InputSnapshot`.
    func place(of directory: Path) -> Path { snapshot?.place(of: directory) ?? directory }

    /// The same, reading a project's files as they were.
    package func reading(_ snapshot: InputSnapshot) -> EngineContext {
        var context = self
        context.snapshot = snapshot
        context.runner = RestoringRunner(runner: runner, snapshot: snapshot)
        return context
    }
}

extension Resolution {
    /// Local sources lie in the project, not in what stood for it.
    func restored(by snapshot: InputSnapshot?) -> Resolution {
        guard let snapshot else { return self }
        var restored = self
        restored.unhashed = snapshot.restored(unhashed)
        return restored
    }
}

extension Diagnostic {
    /// The same about the project's own files.
    package func restored(by snapshot: InputSnapshot?) -> Diagnostic {
        guard let snapshot else { return self }
        func file(_ location: Location?) -> Location? {
            var restored = location
            if let location { restored?.file = Path(snapshot.restored(location.file.bytes)) }
            return restored
        }
        var restored = self
        restored.message = snapshot.restored(message)
        restored.hint = hint.map { snapshot.restored($0) }
        restored.location = file(location)
        restored.asks = asks?.map { NamedSource($0.source, at: file($0.location)) }
        return restored
    }
}

/// Has commands speak of the project's files where they were shown others.
private struct RestoringRunner: CommandRunner {
    let runner: any CommandRunner
    let snapshot: InputSnapshot

    func run(_ command: Command, onLine: @escaping @Sendable (String) -> Void) async -> CommandResult {
        var result = await runner.run(command) { [snapshot] in onLine(snapshot.restored($0)) }
        result.standardError = Array(snapshot.restored(String(decoding: result.standardError, as: UTF8.self)).utf8)
        return result
    }
}

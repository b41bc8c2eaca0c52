internal import EnvdCore
internal import EnvdSystem

/// Lock files as they were before a tool ran, and where it makes the new ones: what changed is told by the first, and a
/// failure leaves them so.
///
/// Tools work on copies where the project is read through a snapshot; what they made is put into the project at the end.
struct LockSnapshot {
    private struct File {
        /// As the project names it, and without links.
        var path: Path
        var place: Path
        /// What the tool writes: the place itself where it works in the project.
        var stage: Path
        var content: [UInt8]?
        var mode: UInt32

        var isStaged: Bool { stage != place }
    }

    private var files: [File] = []
    private let copies: InputSnapshot?

    /// - Parameters:
    ///   - paths: as the tool sees them.
    ///   - root: of the project, or of its workspace, as the tool sees it: nothing is written elsewhere.
    /// - Throws: a lock file that is there and cannot be read, or that is a link out of the root.
    init(_ paths: [Path], in root: Path, of copies: InputSnapshot?) throws(Diagnostic) {
        self.copies = copies
        for path in paths { try add(path, in: copies?.original(of: root) ?? root) }
    }

    private mutating func add(_ stage: Path, in root: Path) throws(Diagnostic) {
        let path = copies?.original(of: stage) ?? stage
        let isLink = (try? FileSystem.status(path, followingLink: false))??.kind == .link
        let real = try? FileSystem.canonical(path)
        let place = real ?? path
        if isLink, real == nil || (try? FileSystem.canonical(root)).map({ !place.isWithin($0) }) ?? true {
            throw Diagnostic(
                "could not lock `\(path.name)`: it is a link to "
                    + (real.map { "`\($0)`, outside of the project" } ?? "nothing"),
                at: .init(file: path), hint: "put the file itself in the link's place, or remove the link")
        }
        let isCopied =
            copies.map { copies in (try? FileSystem.canonical(stage.parent))?.isWithin(copies.top) == true } ?? false
        files.append(
            try telling { () throws(SystemError) in
                let status = try FileSystem.status(place)
                let content = status == nil ? nil : try FileSystem.read(place, limit: 64 << 20)
                if isCopied {
                    try FileSystem.remove(stage)
                    if let content { try FileSystem.replace(stage, with: content) }
                }
                return File(
                    path: path, place: place, stage: isCopied ? stage : place, content: content,
                    mode: status.map { $0.mode & 0o777 } ?? 0o644)
            })
    }

    /// - Parameter path: as the tool sees it.
    func content(of path: Path) -> [UInt8]? { file(path)?.content }

    private func file(_ path: Path) -> File? { files.first { $0.stage == path || $0.path == path } }

    /// Writes a file whole, as a tool would; one that says so already is left alone.
    func write(_ content: [UInt8], to path: Path) throws(Diagnostic) {
        guard let file = file(path), file.content != content else { return }
        if !file.isStaged { try requireUnchanged(file) }
        try telling { () throws(SystemError) in try FileSystem.replace(file.stage, with: content, mode: file.mode) }
    }

    private func requireUnchanged(_ file: File) throws(Diagnostic) {
        guard (try? FileSystem.read(file.place, limit: 64 << 20)) == file.content else {
            throw Diagnostic(
                "could not lock `\(file.path.name)`: it was changed meanwhile", at: .init(file: file.path),
                hint: "look at it, then `envd lock` again")
        }
    }

    /// Puts back what a tool that works in the project has written: it was ended meanwhile, or failed after one file
    /// of several.
    private func restore(_ files: [File]) {
        for file in files {
            let now = try? FileSystem.read(file.place, limit: 64 << 20)
            guard now != file.content else { continue }
            if let content = file.content {
                try? FileSystem.replace(file.place, with: content, mode: file.mode)
            } else {
                try? FileSystem.remove(file.place)
            }
        }
    }

    /// Runs `body`; where it fails every file is as it was.
    func keeping<Value>(_ body: () async throws(Diagnostic) -> Value) async throws(Diagnostic) -> Value {
        do throws(Diagnostic) {
            return try await body()
        } catch {
            restore(files.filter { !$0.isStaged })
            throw error
        }
    }

    /// Puts what the tool made into the project: all files, or none.
    private func commit(_ made: [(file: File, content: [UInt8])]) throws(Diagnostic) {
        let staged = made.filter { $0.file.isStaged && $0.content != $0.file.content }
        for (file, _) in staged { try requireUnchanged(file) }
        var done: [File] = []
        do throws(SystemError) {
            for (file, content) in staged {
                try FileSystem.replace(file.place, with: content, mode: file.mode)
                done.append(file)
            }
        } catch {
            restore(done)
            throw Diagnostic("could not lock: \(error)", hint: "make the file and its directory yours to write")
        }
    }

    /// Ends the run: the files are in the project, and what is otherwise now is told.
    ///
    /// - Parameters:
    ///   - root: of the project, as the tool sees it.
    ///   - tool: with its version.
    /// - Throws: a file that the tool was to write and that is not there, or one that somebody else wrote meanwhile.
    func update(root: Path, tool: String) throws(Diagnostic) -> LockUpdate {
        var update = LockUpdate(root: copies?.original(of: root) ?? root, tool: tool, files: [])
        var made: [(file: File, content: [UInt8])] = []
        for file in files {
            var now = try telling { () throws(SystemError) in try FileSystem.read(file.stage, limit: 64 << 20) }
            if file.isStaged, let copies { now = copies.restored(now) }
            made.append((file, now))
        }
        try commit(made)
        for (file, now) in made {
            let isWritten = now != file.content
            let old = LockedVersions(file.content ?? [], of: file.path)
            update.files.append(
                LockUpdate.File(
                    path: file.path, isWritten: isWritten,
                    changes: isWritten ? old.changes(to: LockedVersions(now, of: file.path)) : []))
        }
        return update
    }
}

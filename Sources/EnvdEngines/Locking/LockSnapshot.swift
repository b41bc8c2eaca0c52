internal import EnvdCore
internal import EnvdSystem

/// Lock files as they were before a tool ran: what changed is told by it, and a failure leaves them so.
struct LockSnapshot {
    private struct File {
        /// As the project names it, and without links.
        var path: Path
        var place: Path
        var content: [UInt8]?
        var mode: UInt32
    }

    private var files: [File] = []

    /// - Parameter root: of the project, or of its workspace: nothing is written elsewhere.
    /// - Throws: a lock file that is there and cannot be read, or that is a link out of the root.
    init(_ paths: [Path], in root: Path) throws(Diagnostic) {
        for path in paths { try add(path, in: root) }
    }

    private mutating func add(_ path: Path, in root: Path) throws(Diagnostic) {
        let isLink = (try? FileSystem.status(path, followingLink: false))??.kind == .link
        let real = try? FileSystem.canonical(path)
        let place = real ?? path
        if isLink, real == nil || (try? FileSystem.canonical(root)).map({ !place.isWithin($0) }) ?? true {
            throw Diagnostic(
                "could not lock `\(path.name)`: it is a link to "
                    + (real.map { "`\($0)`, outside of the project" } ?? "nothing"),
                at: .init(file: path), hint: "put the file itself in the link's place, or remove the link")
        }
        files.append(
            try telling { () throws(SystemError) in
                let status = try FileSystem.status(place)
                let content = status == nil ? nil : try FileSystem.read(place, limit: 64 << 20)
                return File(path: path, place: place, content: content, mode: status.map { $0.mode & 0o777 } ?? 0o644)
            })
    }

    func content(of path: Path) -> [UInt8]? { files.first { $0.path == path }?.content }

    /// Writes a file whole; one that says so already is left alone.
    func write(_ content: [UInt8], to path: Path) throws(Diagnostic) {
        guard let file = files.first(where: { $0.path == path }), file.content != content else { return }
        guard (try? FileSystem.read(file.place, limit: 64 << 20)) == file.content else {
            throw Diagnostic(
                "could not lock `\(path.name)`: it was changed meanwhile", at: .init(file: path),
                hint: "look at it, then `envd lock` again")
        }
        try telling { () throws(SystemError) in try FileSystem.replace(file.place, with: content, mode: file.mode) }
    }

    /// Puts back whatever is otherwise now: a tool was ended while it wrote, or failed after one file of several.
    func restore() {
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
            restore()
            throw error
        }
    }

    /// What is otherwise now.
    ///
    /// - Parameter tool: with its version.
    /// - Throws: a file that the tool was to write and that is not there.
    func update(root: Path, tool: String) throws(Diagnostic) -> LockUpdate {
        var update = LockUpdate(root: root, tool: tool, files: [])
        for file in files {
            let now = try telling { () throws(SystemError) in try FileSystem.read(file.place, limit: 64 << 20) }
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

package import EnvdCore
internal import EnvdSystem

/// Whether a prefix can still be offered, by stat(2) alone: cheap enough for every look.
package enum PrefixHealth {
    /// The prefix's own python leads to the interpreter that it was built on, which is the same file still.
    ///
    /// - Parameter interpreter: nil for a prefix of conda's without Python.
    package static func isIntact(prefix: Path, interpreter: Interpreter?) -> Bool {
        let isConda = FileSystem.exists(prefix / "conda-meta/history")
        guard let interpreter else { return isConda }
        guard isConda || FileSystem.exists(prefix / "pyvenv.cfg"),
            let base = try? FileSystem.status(interpreter.path), base.kind == .file,
            base.device == interpreter.device, base.inode == interpreter.inode,
            let own = try? FileSystem.status(prefix / "bin/python"), own.kind == .file
        else { return false }
        return SitePackages.exists(in: prefix, python: interpreter.version)
    }
}

/// What `envd lock` made of a project's lock files.
package struct LockUpdate: Hashable, Sendable, Codable {
    /// A package whose version is another one now.
    package struct Change: Hashable, Sendable, Codable {
        /// Normalised.
        package var name: String
        /// Nil: it was not locked before.
        package var old: String?
        /// Nil: it is not locked any more.
        package var new: String?

        package init(name: String, old: String?, new: String?) {
            self.name = name
            self.old = old
            self.new = new
        }
    }

    package struct File: Hashable, Sendable, Codable {
        /// Absolute: that of a workspace lies above the project.
        package var path: Path
        /// False: it was up to date, and not touched.
        package var isWritten: Bool
        /// In the order of the names; may be empty for a file that was written.
        package var changes: [Change]

        package init(path: Path, isWritten: Bool, changes: [Change]) {
            self.path = path
            self.isWritten = isWritten
            self.changes = changes
        }
    }

    package var root: Path
    /// The tool that locked, with its version: `uv 0.13.8`.
    package var tool: String
    package var files: [File]

    package init(root: Path, tool: String, files: [File]) {
        self.root = root
        self.tool = tool
        self.files = files
    }
}

/// Which of the versions that a lock file pins are to be chosen anew though they still fit.
package enum LockUpgrade: Hashable, Sendable, Codable {
    case nothing
    case everything
    /// By normalised name.
    case packages([String])
}

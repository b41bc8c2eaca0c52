package import EnvdCore
internal import EnvdSystem

/// The link in a project, `.venv`, by which editors that look there find its environment: it leads to `current`, and so
/// follows every switch. Made and removed at its user's word alone.
package struct EditorLink: Hashable, Sendable {
    /// Canonical: the project's root.
    package let root: Path
    package let name: String

    package var path: Path { root / name }

    package static let usualName = ".venv"

    /// - Throws: a name that is none: build backends pass over what begins with a dot, and may take anything else for a
    ///   package of the project.
    package init(root: Path, name: String = EditorLink.usualName) throws(Diagnostic) {
        guard name.hasPrefix("."), name.utf8.count > 1, name != "..",
            !name.contains(where: { $0 == "/" || $0 == "\n" }),
            name != ".git"
        else {
            throw Diagnostic(
                "could not link `\(name)`: it is no name for such a link",
                hint: "it begins with a dot and has no slash: .venv, .envd")
        }
        self.root = root
        self.name = name
    }

    /// Those of a project that are envd's own, whatever they are called.
    package static func all(in root: Path) -> [EditorLink] {
        ((try? FileSystem.list(root)) ?? []).map(\.description).sorted().compactMap { name in
            guard name.hasPrefix("."), let link = try? EditorLink(root: root, name: name), link.isOwn else {
                return nil
            }
            return link
        }
    }

    /// Whether it is there and leads to where a store has, or had, this project's `current`.
    package var isOwn: Bool {
        guard let target = try? FileSystem.linkTarget(path), target.isAbsolute else { return false }
        let directory = target.parent
        return target.name == "current" && directory.name.description.hasSuffix("-\(ProjectID(root: root))")
            && directory.parent.name == "projects"
    }

    /// Makes the link, or turns one of envd's own to where `current` is now.
    ///
    /// - Returns: false where it is so already.
    /// - Throws: something else is there, which stays.
    @discardableResult
    package func make(to current: Path) throws(Diagnostic) -> Bool {
        do {
            guard let status = try FileSystem.status(path, followingLink: false) else {
                try FileSystem.makeLink(path, to: current)
                return true
            }
            guard isOwn else { throw objection(to: status.kind) }
            if try FileSystem.linkTarget(path) == current { return false }
            try FileSystem.replaceLink(path, to: current)
            return true
        } catch let error as SystemError {
            throw Diagnostic("could not link `\(path)`: \(error.cause)")
        } catch {
            throw error as? Diagnostic ?? Diagnostic("could not link `\(path)`: \(error)")
        }
    }

    private func objection(to kind: FileSystem.Status.Kind) -> Diagnostic {
        let (place, moved) = (path.shellWord, Path(path.bytes + ".old").shellWord)
        let (what, hint) =
            switch kind {
            case .directory: ("a directory is there", "move it away first: mv \(place) \(moved)")
            case .link: ("a link is there that is not envd's", "remove it first: rm \(place)")
            default: ("a file is there", "move it away first: mv \(place) \(moved)")
            }
        return Diagnostic("could not link `\(path)`: \(what)", hint: hint)
    }

    /// Removes the link where it is envd's own.
    ///
    /// - Returns: whether it was.
    package func remove() throws(Diagnostic) -> Bool {
        guard isOwn else { return false }
        do {
            try FileSystem.remove(path)
        } catch {
            throw Diagnostic("could not remove `\(path)`: \(error.cause)")
        }
        return true
    }
}

package import EnvdCore
package import EnvdSystem

/// The tree of generations on disk: `projects/<slug>-<id>/generations/<n>` and the link `current`.
package struct GenerationTree: Sendable {
    private let projects: Path

    package init(_ paths: StorePaths) { projects = paths.projects }

    /// Whether any project has a directory.
    package var hasProjects: Bool { (try? FileSystem.list(projects))?.isEmpty == false }

    /// A project's own directory; the slug is for people who look there.
    package func directory(of project: Project) -> Path { projects / Self.name(of: project).description }

    static func name(of project: Project) -> ByteString {
        ByteString("\(slug(project.root.name))-\(project.id)")
    }

    package func prefix(of project: Project, _ number: GenerationNumber) -> Path {
        directory(of: project) / "generations" / "\(number)"
    }

    package func currentLink(of project: Project) -> Path { directory(of: project) / "current" }

    /// Points `current` at a generation, in one rename.
    package func makeCurrent(_ number: GenerationNumber, of project: Project) throws(SystemError) {
        try FileSystem.replaceLink(currentLink(of: project), to: Path("generations/\(number)"))
    }

    /// The generations that have a directory, whole or not.
    package func numbersOnDisk(of project: Project) -> [GenerationNumber] {
        let names = (try? FileSystem.list(directory(of: project) / "generations")) ?? []
        return names.compactMap { Int($0.description) }.map { GenerationNumber($0) }.sorted()
    }

    /// Removes a generation's directory: renamed first, so that no half of it stands under its name.
    package func remove(_ number: GenerationNumber, of project: Project) throws(SystemError) {
        if let doomed = try doom(number, of: project) { try FileSystem.remove(doomed) }
    }

    /// Finishes deletions that a dead daemon began.
    package func sweepDeletions(of project: Project) {
        let directory = directory(of: project)
        for name in (try? FileSystem.list(directory)) ?? [] where name.bytes.starts(with: Array("deleting-".utf8)) {
            try? FileSystem.remove(directory.appending(Path(name)))
        }
    }

    /// Takes the prefix away from under its name, in one step; to remove what then has no name of its own is the long rest.
    ///
    /// - Returns: where it lies now; nil where there is none.
    package func doom(_ number: GenerationNumber, of project: Project) throws(SystemError) -> Path? {
        let prefix = prefix(of: project, number)
        guard try FileSystem.status(prefix, followingLink: false) != nil else { return nil }
        let doomed = directory(of: project) / "deleting-\(number)"
        try? FileSystem.remove(doomed)
        try FileSystem.rename(prefix, to: doomed)
        return doomed
    }

    package func removeAll(of project: Project) throws(SystemError) { try FileSystem.remove(directory(of: project)) }

    /// Removes all of a project but some generations.
    package func removeAll(of project: Project, but kept: [GenerationNumber]) throws(SystemError) {
        for number in numbersOnDisk(of: project) where !kept.contains(number) { try remove(number, of: project) }
        let directory = directory(of: project)
        for name in try FileSystem.list(directory) where name != "generations" {
            try FileSystem.remove(directory.appending(Path(name)))
        }
    }

    /// `[a-z0-9-]{1,24}`, whatever the directory is called.
    package static func slug(_ name: ByteString) -> String {
        var slug = ""
        for byte in name.bytes {
            let lower = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
            let isKept =
                lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
                || lower >= UInt8(ascii: "0") && lower <= UInt8(ascii: "9")
            if isKept {
                slug.append(Character(UnicodeScalar(lower)))
            } else if !slug.isEmpty, slug.last != "-" {
                slug.append("-")
            }
        }
        slug = String(slug.prefix(24))
        while slug.last == "-" { slug.removeLast() }
        return slug.isEmpty ? "project" : slug
    }
}

package import EnvdCore
internal import EnvdSystem
internal import Foundation

/// The user's word on a project, beside its generations, from which a lost database is made anew.
///
/// Not in a generation: a build may write there, and nothing that a project runs gives trust. The project's directory
/// itself is closed to builds where the kernel can do that (Landlock).
package struct ProjectFile: Sendable {
    private let directory: Path

    /// - Parameter directory: the project's own; see `GenerationTree`.
    package init(in directory: Path) { self.directory = directory }

    private var path: Path { directory / "project.json" }

    /// Puts the word down, durably, where it is not there already.
    package func write(_ project: Project) throws {
        if read() == project { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try FileSystem.makeDirectories(directory)
        try FileSystem.replace(path, with: Array(try encoder.encode(project)), durable: true)
    }

    /// The project; nil where none is written down, or one that is not of this directory's name.
    package func read() -> Project? {
        guard let bytes = try? FileSystem.read(path, limit: 1 << 20),
            let project = try? JSONDecoder().decode(Project.self, from: Data(bytes)),
            project.id == ProjectID(root: project.root), directory.name == GenerationTree.name(of: project)
        else { return nil }
        return project
    }
}

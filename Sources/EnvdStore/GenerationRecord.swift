package import EnvdCore

/// The manifest that every generation carries: enough to rebuild a lost database from the tree.
package struct GenerationRecord: Codable, Sendable {
    package var project: Project
    package var generation: Generation
    package var spec: Spec

    package init(project: Project, generation: Generation, spec: Spec) {
        self.project = project
        self.generation = generation
        self.spec = spec
    }

    /// Where it lies in a prefix.
    package static func file(in prefix: Path) -> Path { prefix / ".envd" / "generation.json" }
    /// Where what was in the prefix when it became ready lies, to see what others changed in it since.
    package static func contentsFile(in prefix: Path) -> Path { prefix / ".envd" / "contents.json" }
    /// Where lies what in the prefix was not as its packages' RECORDs say from the beginning.
    package static func flawsFile(in prefix: Path) -> Path { prefix / ".envd" / "flaws.json" }
    /// Where the exact packages of the conda layer lie in a prefix that has one.
    package static func condaResolutionFile(in prefix: Path) -> Path { prefix / ".envd" / "conda.json" }
    /// Where the resolution lies in a prefix.
    package static func resolutionFile(in prefix: Path) -> Path { prefix / ".envd" / "resolution.json" }
}

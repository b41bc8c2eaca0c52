package import EnvdCore
internal import EnvdSystem
internal import Foundation

/// The user's word that a project stays with an earlier generation, beside its generations: a lost database does not
/// lose it.
package struct PinFile: Sendable {
    private let path: Path

    /// - Parameter directory: the project's own; see `GenerationTree`.
    package init(in directory: Path) { path = directory / "pin.json" }

    /// Puts the word down, durably, or takes it away.
    package func write(_ pin: GenerationPin?) throws {
        guard let pin else { return try FileSystem.remove(path) }
        try FileSystem.replace(path, with: Array(try JSONEncoder().encode(pin)), durable: true)
    }

    /// Nil where there is none, or nothing that can be read.
    package func read() -> GenerationPin? {
        guard let bytes = try? FileSystem.read(path, limit: 1 << 16) else { return nil }
        return try? JSONDecoder().decode(GenerationPin.self, from: Data(bytes))
    }
}

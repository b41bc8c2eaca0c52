package import EnvdCore
internal import EnvdSystem

/// The terminals that stay in one generation, by `envd activate N`: a file for each session in the runtime directory.
///
/// The shell itself shows nobody what it has in its PATH, and its prompts do not switch it; so the command that gives it
/// the generation puts that down, and it counts for as long as the session's leader lives.
package struct HeldSessions: Sendable {
    package struct Session: Hashable, Sendable {
        /// That leads the session.
        package var process: Int32
        package var name: String
        package var prefix: Path
    }

    private let directory: Path

    package init(runtime: RuntimeDirectory) { directory = runtime.path / "held" }

    /// This process's session stays in a generation.
    package func hold(_ prefix: Path) {
        guard let facts = ProcessFacts(CurrentSession.leader) else { return }
        let file = directory / "\(facts.identifier)-\(facts.startTicks)"
        guard (try? FileSystem.makeDirectories(directory)) != nil else { return }
        try? FileSystem.append(file, prefix.bytes.bytes + [0])
    }

    /// Those whose session lives; the others' files are removed.
    package func living() -> [Session] {
        var sessions: [Session] = []
        for name in (try? FileSystem.list(directory)) ?? [] {
            let file = directory.appending(Path(name))
            let numbers = name.description.split(separator: "-")
            guard numbers.count == 2, let process = Int32(numbers[0]), let facts = ProcessFacts(process),
                Int64(numbers[1]) == facts.startTicks, let content = try? FileSystem.read(file)
            else {
                try? FileSystem.remove(file)
                continue
            }
            for prefix in Set(content.split(separator: 0).map { Path(ByteString(Array($0))) }) {
                sessions.append(Session(process: process, name: facts.name, prefix: prefix))
            }
        }
        return sessions
    }
}

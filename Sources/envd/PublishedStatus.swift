internal import EnvdCore
internal import EnvdProtocol
internal import EnvdShell

/// What shells still get while no daemon answers.
enum PublishedStatus {
    /// - Parameter directory: nil, or in none of the projects: all of them.
    static func lines(around directory: Path?) -> [String] {
        let runtime = RuntimeDirectory.ofThisUser()
        guard runtime.isOwn else { return [] }
        let answers = AnswerTree(directory: runtime.path).publishedAnswers
        let nearest = directory.flatMap { directory in
            answers.filter { directory.isWithin($0.root) }.max { $0.root.bytes.bytes.count < $1.root.bytes.bytes.count }
        }
        return (nearest.map { [$0] } ?? answers).map { answer in
            let environment = answer.generation.map { "generation \($0)" } ?? "no environment"
            return "\(answer.root): \(environment), as the daemon last published it"
        }
    }
}

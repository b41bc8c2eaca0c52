package import EnvdCore
internal import EnvdSystem

extension AnswerTree {
    /// Every answer that is published for an allowed project, by root: what is known where no daemon answers.
    package var publishedAnswers: [Answer] {
        let names = (try? FileSystem.list(directory / "answers")) ?? []
        return names.compactMap { published(ProjectID($0.description)) }.sorted { $0.root < $1.root }
    }
}

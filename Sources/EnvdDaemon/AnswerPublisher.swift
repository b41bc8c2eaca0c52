internal import EnvdCore
internal import EnvdLoop
internal import EnvdProtocol
internal import EnvdShell
internal import EnvdSystem
internal import Logging

/// Puts what hooks read where they read it: an answer for each project and shell, and the `state` line that tells
/// them to look again. All of it by rename: a shell never reads half an answer.
@LoopActor final class AnswerPublisher {
    private let tree: AnswerTree
    private let logger: Logger
    /// Called after each change of the state line.
    var onTell: @LoopActor () -> Void = {}
    private var serial: UInt64 = 0
    private var isOpen = false
    /// Directories that shells asked about and that are not allowed, oldest first.
    private var asked: [Path] = []
    /// More would fill a user's runtime directory with the places that they ever looked at.
    private static let askedLimit = 512
    private var news: [Path] = []
    private static let newsLimit = 64

    init(runtime: RuntimeDirectory, logger: Logger) {
        tree = AnswerTree(directory: runtime.path)
        self.logger = logger
    }

    /// From here on the state line says that this daemon serves.
    func open() {
        isOpen = true
        try? FileSystem.remove(tree.news)
        writeState()
    }

    /// Publishes an allowed project's answer for every shell.
    func publish(_ answer: Answer) {
        asked.removeAll { $0 == answer.root }
        do {
            try tree.publish(answer)
        } catch {
            // A path too long for the mirror: hooks find nothing there and ask over the socket.
            logger.debug("could not publish", metadata: ["cause": "\(error)"])
        }
        stateChanged()
    }

    /// Publishes that a directory was asked about and has nothing to enter, with what to tell its user, if anything.
    ///
    /// Shells are told where it takes an answer's place: one that found nothing there asks and is answered.
    func publishAsked(_ root: Path, notice: String?) {
        asked.removeAll { $0 == root }
        asked.append(root)
        let text = ShellRenderer.asked(notice: notice)
        // Two shells, or one that was quick, ask for the same.
        if (try? FileSystem.read(tree.asked(root))) == text { return }
        let tookBack = tree.withdraw(root)
        do {
            try FileSystem.makeDirectories(tree.answers(for: root))
            try FileSystem.replace(tree.asked(root), with: text)
        } catch {
            logger.debug("could not publish", metadata: ["cause": "\(error)"])
        }
        if asked.count > Self.askedLimit { remove(asked.removeFirst()) }
        if tookBack { stateChanged() }
    }

    /// Publishes news about what a notice told of; the newest few are kept.
    func publishNews(_ notice: Notice) {
        let file = tree.news(notice.id)
        do {
            try FileSystem.makeDirectories(file.parent)
            try FileSystem.replace(file, with: ShellRenderer.asked(notice: notice.text))
        } catch {
            logger.debug("could not publish", metadata: ["cause": "\(error)"])
        }
        news.removeAll { $0 == file }
        news.append(file)
        if news.count > Self.newsLimit { try? FileSystem.remove(news.removeFirst()) }
    }

    /// Takes back whatever was published for a root.
    func withdraw(_ root: Path) {
        asked.removeAll { $0 == root }
        // Before, too: a shell that remembers the answer under the old state must not look for a file that goes.
        stateChanged()
        remove(root)
        stateChanged()
    }

    private func remove(_ root: Path) {
        tree.withdraw(root)
        // The mirror's directories go as far up as they are empty.
        var empty = tree.answers(for: root)
        while empty != tree.roots, empty.isWithin(tree.roots), FileSystem.removeEmptyDirectory(empty) {
            empty = empty.parent
        }
    }

    /// Takes back every answer but those of `roots`: what a daemon of before published and no longer holds.
    func withdrawAll(but roots: Set<Path>) {
        tree.withdrawAnswers(but: roots)
        var waiting = [tree.roots]
        while let directory = waiting.popLast() {
            FileSystem.removeTemporaries(in: directory)
            var isAnswer = false
            for name in (try? FileSystem.list(directory)) ?? [] {
                let path = directory.appending(Path(name))
                let kind = (try? FileSystem.status(path, followingLink: false))??.kind
                if kind == .directory { waiting.append(path) } else { isAnswer = true }
            }
            guard isAnswer, let mirrored = directory.relative(to: tree.roots) else { continue }
            let root = mirrored == "." ? Path.root : Path("/" + mirrored.bytes)
            if !roots.contains(root) { withdraw(root) }
        }
    }

    /// At once: a shell that sees what follows in time must see the line as well.
    private func stateChanged() {
        if isOpen { writeState() }
    }

    private func writeState() {
        serial += 1
        do {
            try tree.tell(version: HookRequest.version, process: CurrentUser.processID, serial: serial)
            onTell()
        } catch {
            logger.error("could not tell the shells", metadata: ["cause": "\(error)"])
        }
    }
}

internal import EnvdCore
internal import EnvdEngines
internal import EnvdLoop
internal import EnvdSystem

/// Notices that the program of the running daemon was replaced, by an upgrade as a rule.
///
/// The kernel tells of it (the watcher's inotify), and `check` looks, for whoever is awake anyway: no clock runs for it.
@LoopActor final class ProgramWatch {
    /// As the watcher knows it; no project's id has this form.
    static let id = ProjectID("program")
    /// How long the files must rest: an installation writes several.
    private static let rest = Duration.seconds(1)

    private let program: Path
    private let child: Path
    private let start: FileSystem.Status?
    private let watcher: InputWatcher
    private let onReplaced: @LoopActor () -> Void
    private var timer: LoopTimer?

    /// - Parameters:
    ///   - program: the one that was started, by the name that an upgrade keeps.
    ///   - child: `envd-child`, which comes with it.
    ///   - onReplaced: called when another one lies there that can be run.
    init(program: Path, child: Path, watcher: InputWatcher, onReplaced: @escaping @LoopActor () -> Void) {
        self.program = program
        self.child = child
        self.watcher = watcher
        self.onReplaced = onReplaced
        start = (try? FileSystem.status(program)) ?? nil
        watch()
    }

    func close() { timer?.cancel() }

    /// Something happened to the program's file.
    func changed() {
        watch()
        timer?.cancel()
        timer = nil
        guard isAnother else { return }
        timer = LoopTimer(after: Self.rest) { [weak self] in self?.settled() }
    }

    /// Looks whether it was replaced, where the kernel's word was lost.
    func check() {
        if timer == nil, isAnother { changed() }
    }

    private func watch() { watcher.watch([program, child], for: Self.id, root: program.parent) }

    /// Whether another file lies there; none at all is no upgrade.
    private var isAnother: Bool {
        guard let start, let now = (try? FileSystem.status(program)) ?? nil else { return false }
        return now.inode != start.inode || now.device != start.device || now.modified != start.modified
            || now.size != start.size
    }

    private func settled() {
        timer = nil
        guard isAnother, FileSystem.isExecutable(program), FileSystem.isExecutable(child) else { return }
        let command = Command(
            executable: program, arguments: ["version"], environment: ProcessEnvironment.all(), workingDirectory: "/",
            writable: nil)
        let runner = ChildRunner(child: child, niceness: 0, idleIO: false)
        loopTask {
            // One that does not even say its version would leave the user without a daemon.
            let (result, isLate) = await TimeLimit.run(milliseconds: 10_000) { await runner.run(command) { _ in } }
            if result.succeeded, !isLate, self.timer == nil { self.onReplaced() }
        }
    }
}

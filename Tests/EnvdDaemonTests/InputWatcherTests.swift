import EnvdCore
import EnvdLoop
import EnvdSystem
import EnvdTestSupport
import Testing

@testable import EnvdDaemon

@Suite("Which changes of files are seen", .timeLimit(.minutes(10)))
struct InputWatcherTests {
    private let project = ProjectID("0123456789abcdef")

    /// A watcher on some inputs of a directory, and the changes that it tells of.
    @LoopActor private final class Watched {
        let watcher: InputWatcher
        private let events = AsyncStream<Set<ProjectID>>.makeStream()
        private var iterator: AsyncStream<Set<ProjectID>>.AsyncIterator

        init(_ inputs: [Path], for project: ProjectID, root: Path) throws {
            let continuation = events.continuation
            watcher = InputWatcher()
            watcher.onChange = { continuation.yield($0) }
            iterator = events.stream.makeAsyncIterator()
            watcher.watch(inputs, for: project, root: root)
        }

        /// The next change; the suite's time limit stands against waiting for ever.
        func next() async -> Set<ProjectID>? {
            var own = iterator
            defer { iterator = own }
            return await own.next(isolation: LoopActor.shared)
        }
    }

    init() { EventLoop.startForTests() }

    enum Edit: CaseIterable {
        case writeInPlace, renameOver, remove, appear, retarget, targetChanges, directoryGoes, includedFile
    }

    @Test("saves in place and by rename, files that come and go, links that are turned", arguments: Edit.allCases)
    func seen(edit: Edit) async throws {
        let directory = try TemporaryDirectory()
        let root = directory.path / "p"
        let manifest = try directory.write("p/pyproject.toml", "[project]")
        try directory.write("p/sub/more.txt", "six")
        try directory.write("elsewhere/one", "1")
        try directory.write("elsewhere/two", "2")
        try FileSystem.replaceLink(root / "link.txt", to: directory.path / "elsewhere/one")
        let inputs = [manifest, root / "uv.lock", root / "link.txt", root / "sub/more.txt", root / "missing/deep.txt"]
        let watched = try await Watched(inputs, for: project, root: root)
        switch edit {
        case .writeInPlace: try FileSystem.append(manifest, Array("\n".utf8))
        case .renameOver: try FileSystem.replace(manifest, with: Array("x".utf8))
        case .remove: try FileSystem.remove(manifest)
        case .appear: try directory.write("p/missing/deep.txt", "x")
        case .retarget: try FileSystem.replaceLink(root / "link.txt", to: directory.path / "elsewhere/two")
        case .targetChanges: try FileSystem.append(directory.path / "elsewhere/one", Array("x".utf8))
        case .directoryGoes: try FileSystem.remove(root)
        case .includedFile: try FileSystem.append(root / "sub/more.txt", Array("x".utf8))
        }
        #expect(await watched.next() == [project])
        await watched.watcher.close()
    }

    @Test("neighbouring files and unwatched projects cause nothing")
    func neighbours() async throws {
        let directory = try TemporaryDirectory()
        let manifest = try directory.write("pyproject.toml", "[project]")
        let other = try directory.write("q/pyproject.toml", "[project]")
        let watched = try await Watched([manifest], for: project, root: directory.path)
        let second = ProjectID("fedcba9876543210")
        await watched.watcher.watch([other], for: second, root: other.parent)
        await watched.watcher.unwatch(second)
        try directory.write("notes.txt", "x")
        try FileSystem.append(other, Array("x".utf8))
        // The only thing that is told is what comes last.
        try FileSystem.append(manifest, Array("x".utf8))
        #expect(await watched.next() == [project])
        await watched.watcher.close()
    }

    @Test("watching the same inputs again watches nothing new")
    func again() async throws {
        let directory = try TemporaryDirectory()
        let manifest = try directory.write("pyproject.toml", "[project]")
        let (root, project) = (directory.path, project)
        let watched = try await Watched([manifest], for: project, root: root)
        #expect(await !watched.watcher.watch([manifest], for: project, root: root))
        #expect(await watched.watcher.watch([manifest, root / "x/uv.lock"], for: project, root: root))
        await watched.watcher.close()
    }
}

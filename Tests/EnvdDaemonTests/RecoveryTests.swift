import EnvdControl
import EnvdCore
import EnvdStore
import EnvdSystem
import EnvdTestSupport
import Logging
import Testing

@testable import EnvdDaemon

@Suite("The start after a daemon that was killed")
struct RecoveryTests {
    private let directory: TemporaryDirectory
    private let paths: StorePaths
    private let project: Project
    private let tree: GenerationTree

    init() throws {
        directory = try TemporaryDirectory()
        paths = StorePaths(
            state: directory.path / "state", data: directory.path / "data", cache: directory.path / "cache",
            home: directory.path)
        try paths.prepare()
        tree = GenerationTree(paths)
        project = Project(
            id: ProjectID(root: "/p"), root: "/p",
            identity: DirectoryIdentity(device: 1, inode: 2, owner: 3), trust: .allowed)
    }

    private func generation(_ number: Int, _ state: GenerationState) -> Generation {
        Generation(
            project: project.id, number: GenerationNumber(number), state: state, key: Fingerprint(hex: "k\(number)"),
            prefix: tree.prefix(of: project, GenerationNumber(number)), delta: Delta(), engine: "uv 1",
            interpreter: Interpreter(path: "/usr/bin/python3", version: "3.11.2", device: 1, inode: 1))
    }

    /// A database with these generations, and a directory for each.
    private func prepare(_ generations: [Generation]) async throws -> Store {
        let store = try Store(paths)
        try await store.save(project)
        try await store.save(generations)
        for generation in generations { try FileSystem.makeDirectories(generation.prefix / "bin") }
        return store
    }

    private func recover(_ store: Store) async throws -> [Generation] {
        try await Recovery(paths: paths, store: store, logger: Logger(label: "test")).recover().flatMap(\.generations)
    }

    @Test(
        "what was being built or removed goes, whatever step it was at",
        arguments: [
            GenerationState.planned, .building, .verifying, .deleting,
        ])
    func halfBuilt(state: GenerationState) async throws {
        _ = try await prepare([generation(1, .current), generation(2, state)])
        let store = try Store(paths)
        #expect(try await recover(store).map(\.number.value) == [1])
        #expect(tree.numbersOnDisk(of: project) == [GenerationNumber(1)])
        #expect(try FileSystem.linkTarget(tree.currentLink(of: project)) == "generations/1")
    }

    @Test("a whole generation that did not become current stays for a way back")
    func ready() async throws {
        _ = try await prepare([generation(1, .current), generation(2, .ready)])
        let store = try Store(paths)
        #expect(try await recover(store).map(\.state) == [.current, .retired])
        #expect(try await store.load().first?.generations.map(\.state) == [.current, .retired])
    }

    @Test("a directory that the database does not know is put aside, not offered and not lost")
    func unknown() async throws {
        _ = try await prepare([generation(1, .current)])
        try FileSystem.makeDirectories(tree.prefix(of: project, GenerationNumber(9)) / "bin")
        _ = try await recover(try Store(paths))
        #expect(tree.numbersOnDisk(of: project) == [GenerationNumber(1)])
        #expect(FileSystem.exists(tree.directory(of: project) / "aside-9/bin"))
    }

    @Test("what the database does not know stays where it is while somebody works in it")
    func unknownInUse() async throws {
        _ = try await prepare([generation(10, .current)])
        let prefix = tree.prefix(of: project, GenerationNumber(9))
        try FileSystem.makeDirectories(prefix / "bin")
        let process = try Terminal(["/usr/bin/sleep", "600"], environment: [:], workingDirectory: prefix)
        _ = try await recover(try Store(paths))
        withExtendedLifetime(process) { #expect(FileSystem.exists(prefix / "bin")) }
    }

    @Test("scratch directories and deletions that were under way are finished")
    func leftovers() async throws {
        _ = try await prepare([generation(1, .current)])
        try FileSystem.makeDirectories(paths.temporary / "old/deep")
        try FileSystem.makeDirectories(tree.directory(of: project) / "deleting-4/bin")
        _ = try await recover(try Store(paths))
        #expect(try FileSystem.list(paths.temporary) == [])
        #expect(!FileSystem.exists(tree.directory(of: project) / "deleting-4"))
    }

    @Test("a lost database is made anew from what the generations carry")
    func lostDatabase() async throws {
        let generations = [generation(1, .retired), generation(2, .current)]
        _ = try await prepare(generations)
        try tree.makeCurrent(GenerationNumber(2), of: project)
        try ProjectFile(in: tree.directory(of: project)).write(project)
        for generation in generations {
            let spec = Spec(name: "p", python: PythonLayer(format: .pyproject, manifest: "pyproject.toml"))
            let record = GenerationRecord(project: project, generation: generation, spec: spec)
            let file = GenerationRecord.file(in: generation.prefix)
            try FileSystem.makeDirectories(file.parent)
            try FileSystem.replace(file, with: try ControlCoding.json(record))
        }
        let pin = GenerationPin(
            generation: GenerationNumber(2), key: Fingerprint(hex: "k3"), from: GenerationNumber(3))
        try PinFile(in: tree.directory(of: project)).write(pin)
        for name in ["envd.db", "envd.db-wal", "envd.db-shm"] { try FileSystem.remove(paths.state / name) }
        let store = try Store(paths)
        #expect(store.isNew)
        #expect(try await recover(store).map(\.state) == [.retired, .current])
        #expect(try await store.load().map(\.project) == [project])
        // The user's word on a generation, too.
        #expect(try await store.load().map(\.pin) == [pin])
    }

    @Test("no record in a generation gives trust, and none that lies under another project's name")
    func forgedTrust() async throws {
        let forged = generation(1, .current)
        let spec = Spec(name: "p", python: PythonLayer(format: .pyproject, manifest: "pyproject.toml"))
        try FileSystem.makeDirectories(GenerationRecord.file(in: forged.prefix).parent)
        try FileSystem.replace(
            GenerationRecord.file(in: forged.prefix),
            with: try ControlCoding.json(GenerationRecord(project: project, generation: forged, spec: spec)))
        let elsewhere = paths.projects / "q-0123456789abcdef"
        try ProjectFile(in: elsewhere).write(project)
        let store = try Store(paths)
        #expect(try await recover(store).isEmpty)
        #expect(try await store.load().isEmpty)
    }
}

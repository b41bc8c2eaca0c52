import EnvdCore
import EnvdStore
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("The database")
struct StoreTests {
    private static let interpreter = Interpreter(path: "/usr/bin/python3", version: "3.11.2", device: 1, inode: 2)

    private func paths(_ directory: TemporaryDirectory) throws -> StorePaths {
        let paths = StorePaths(
            state: directory.path / "state", data: directory.path / "data", cache: directory.path / "cache",
            home: directory.path)
        try paths.prepare()
        return paths
    }

    private let project = Project(
        id: ProjectID("0123456789abcdef"), root: Path(ByteString([0x2f, 0xff])),
        identity: DirectoryIdentity(device: 1, inode: 2, owner: 3), trust: .allowed)

    private func plan(_ store: Store) async throws -> Generation {
        try await store.plan(
            {
                Generation(
                    project: ProjectID("0123456789abcdef"), number: $0, state: .building, key: Fingerprint(hex: "k"),
                    prefix: "/g", delta: Delta(), engine: "uv 1", interpreter: Self.interpreter)
            }, for: project.id)
    }

    @Test("what was saved is there after the next start, bytes and all")
    func persistence() async throws {
        let directory = try TemporaryDirectory()
        let paths = try paths(directory)
        let first = try Store(paths)
        #expect(first.isNew)
        try await first.save(project)
        let planned = try await plan(first)
        try await first.save(Store.Failure(key: nil, diagnostic: Diagnostic("broken")), for: project.id)

        let second = try Store(paths)
        #expect(!second.isNew)
        let records = try await second.load()
        #expect(records.map(\.project) == [project])
        #expect(records.first?.generations == [planned])
        #expect(records.first?.failure?.diagnostic.message == "broken")
    }

    @Test("a generation's number is never given twice, failed ones included")
    func numbers() async throws {
        let directory = try TemporaryDirectory()
        let store = try Store(try paths(directory))
        try await store.save(project)
        var one = try await plan(store)
        one.state = .failed
        try await store.save([one])
        let two = try await plan(store)
        #expect([one.number.value, two.number.value] == [1, 2])
    }

    @Test("a number that was removed is not given again, nor one that has a directory")
    func removedNumbers() async throws {
        let directory = try TemporaryDirectory()
        let store = try Store(try paths(directory))
        try await store.save(project)
        _ = try await plan(store)
        let two = try await plan(store)
        try await store.remove(two.number, of: project.id)
        #expect(try await plan(store).number.value == 3)
        let above = try await store.plan(
            above: GenerationNumber(7),
            { number in
                var generation = two
                generation.number = number
                return generation
            }, for: project.id)
        #expect(above.number.value == 8)
    }

    @Test(
        "of all pairs of states the steps of a life are put down, and others refused",
        arguments: GenerationState.allCases)
    func steps(state: GenerationState) async throws {
        let directory = try TemporaryDirectory()
        let store = try Store(try paths(directory))
        try await store.save(project)
        for (index, next) in GenerationState.allCases.enumerated() {
            var generation = Generation(
                project: project.id, number: GenerationNumber(index + 1), state: state, key: Fingerprint(hex: "k"),
                prefix: "/g", delta: Delta(), engine: "uv 1", interpreter: nil)
            try await store.save([generation])
            generation.state = next
            if state.canBecome(next) {
                try await store.save([generation])
            } else {
                await #expect(throws: Diagnostic.self) { try await store.save([generation]) }
            }
            let kept = try await store.load().first?.generations.first { $0.number == generation.number }
            #expect(kept?.state == (state.canBecome(next) ? next : state))
        }
    }

    @Test("the generation that a user went back to is remembered with the switch, and forgotten with the next")
    func pin() async throws {
        let directory = try TemporaryDirectory()
        let paths = try paths(directory)
        let store = try Store(paths)
        try await store.save(project)
        let pin = GenerationPin(
            generation: GenerationNumber(1), key: Fingerprint(hex: "k"), from: GenerationNumber(2))
        try await store.save([], pin: pin, for: project.id)
        // The user's word on the project is another matter.
        try await store.save(project)
        #expect(try await Store(paths).load().first?.pin == pin)
        try await store.save([], pin: nil, for: project.id)
        #expect(try await Store(paths).load().first?.pin == nil)
    }

    @Test("a size is put down without a word on the rest")
    func sizes() async throws {
        let directory = try TemporaryDirectory()
        let paths = try paths(directory)
        let store = try Store(paths)
        try await store.save(project)
        var planned = try await plan(store)
        planned.notes = ["é \"quoted\""]
        planned.state = .verifying
        try await store.save([planned])
        try await store.save(sizes: [planned.number: ByteSize(bytes: 7_000_000_000)], of: project.id)
        planned.size = ByteSize(bytes: 7_000_000_000)
        #expect(try await Store(paths).load().first?.generations == [planned])
    }

    @Test("forgetting a project takes its generations along")
    func forgetting() async throws {
        let directory = try TemporaryDirectory()
        let store = try Store(try paths(directory))
        try await store.save(project)
        _ = try await plan(store)
        try await store.remove(project.id)
        #expect(try await store.load().isEmpty)
        try await store.save(project)
        #expect(try await store.load().first?.generations.isEmpty == true)
    }

    @Test("a damaged database is put aside, and a new one takes its place")
    func damaged() async throws {
        let directory = try TemporaryDirectory()
        let paths = try paths(directory)
        let garbage = Array("this is no database, whatever it says".utf8)
        try FileSystem.replace(paths.database, with: garbage)
        let store = try Store(paths)
        #expect(store.isNew)
        #expect(try await store.load().isEmpty)
        let aside = try #require(Store.damagedDatabase(paths))
        #expect(try FileSystem.read(aside) == garbage)
        try FileSystem.remove(aside)
        #expect(Store.damagedDatabase(paths) == nil)
    }

    @Test("whatever byte of it turns over, nothing is ever loaded but what was saved, or nothing at all")
    func flippedBytes() async throws {
        let directory = try TemporaryDirectory()
        let paths = try paths(directory)
        let first = try Store(paths)
        try await first.save(project)
        let planned = try await plan(first)
        try await first.save(Store.Failure(key: nil, diagnostic: Diagnostic("broken")), for: project.id)
        first.close()
        let whole = try FileSystem.read(paths.database)
        // What is zero is mostly room; the header counts, and so does whatever says something.
        let step = ProcessEnvironment.value("ENVD_SOAK") == nil ? 61 : 1
        let places =
            Array(0..<100)
            + whole.indices.filter { whole[$0] != 0 }.enumerated().compactMap {
                $0.offset.isMultiple(of: step) ? $0.element : nil
            }
        var mended = 0
        for place in places {
            var flipped = whole
            flipped[place] ^= 1 << UInt8(place % 8)
            for suffix in ["-wal", "-shm"] { try FileSystem.remove(Path(paths.database.bytes + ByteString(suffix))) }
            try FileSystem.replace(paths.database, with: flipped)
            let store = try Store(paths)
            let records = try await store.load()
            if store.isNew {
                mended += 1
                #expect(records.isEmpty, "byte \(place)")
                try FileSystem.remove(try #require(Store.damagedDatabase(paths)))
            } else {
                #expect(records.map(\.project) == [project], "byte \(place)")
                #expect(records.first?.generations == [planned], "byte \(place)")
                #expect(records.first?.failure?.diagnostic.message == "broken", "byte \(place)")
            }
            // Both can be written.
            try await store.save(project)
            store.close()
        }
        #expect(mended > places.count / 4)
    }
}

@Suite("The tree of generations")
struct GenerationTreeTests {
    @Test(
        "slugs are short and plain, whatever a directory is called",
        arguments: [
            ("My Project", "my-project"), ("../..", "project"), ("é", "project"), ("a--b__c", "a-b-c"),
            ("x", "x"), ("Abcdefghijklmnopqrstuvwxyz0123", "abcdefghijklmnopqrstuvwx"), ("-", "project"),
        ])
    func slugs(name: String, slug: String) {
        #expect(GenerationTree.slug(ByteString(name)) == slug)
    }

    @Test("switching is one link, and removing takes the whole prefix")
    func switching() throws {
        let directory = try TemporaryDirectory()
        let paths = StorePaths(state: directory.path, data: directory.path, cache: directory.path, home: directory.path)
        let tree = GenerationTree(paths)
        let project = Project(
            id: ProjectID("0123456789abcdef"), root: "/p", identity: DirectoryIdentity(device: 1, inode: 2, owner: 3),
            trust: .allowed)
        for number in [1, 2] {
            try FileSystem.makeDirectories(tree.prefix(of: project, GenerationNumber(number)) / "bin")
        }
        try tree.makeCurrent(GenerationNumber(1), of: project)
        try tree.makeCurrent(GenerationNumber(2), of: project)
        #expect(try FileSystem.linkTarget(tree.currentLink(of: project)) == "generations/2")
        try tree.remove(GenerationNumber(1), of: project)
        #expect(tree.numbersOnDisk(of: project) == [GenerationNumber(2)])
    }
}

import EnvdCore
import Testing

@Suite("A generation's life")
struct GenerationLifeTests {
    /// Every step that there is; the row's state may become the column's.
    private static let steps: Set<[GenerationState]> = [
        [.planned, .building], [.planned, .failed], [.building, .verifying], [.building, .failed],
        [.verifying, .ready], [.verifying, .failed], [.ready, .current], [.ready, .retired], [.ready, .deleting],
        [.current, .retired], [.retired, .current], [.retired, .deleting],
    ]

    @Test("of all pairs of states, these steps are taken and no others", arguments: GenerationState.allCases)
    func pairs(state: GenerationState) {
        for next in GenerationState.allCases {
            let isStep = state == next || Self.steps.contains([state, next])
            #expect(state.canBecome(next) == isStep, "\(state) -> \(next)")
        }
    }

    @Test("what was never whole is never offered, and what is current is never deleted")
    func promises() {
        for state in GenerationState.allCases where state.canBecome(.current) { #expect(state.isWhole) }
        for state in GenerationState.allCases where state.canBecome(.deleting) && state != .deleting {
            #expect(state != .current)
        }
        // Each is reached from the first.
        var reached: Set<GenerationState> = [.planned]
        for _ in GenerationState.allCases { reached.formUnion(reached.flatMap(\.successors)) }
        #expect(reached == Set(GenerationState.allCases))
    }
}

@Suite("What stays of retired generations")
struct RetentionPolicyTests {
    private func generation(_ number: Int, _ state: GenerationState, retired: Int64? = nil) -> Generation {
        var generation = Generation(
            project: ProjectID("p"), number: GenerationNumber(number), state: state, key: Fingerprint(hex: "k"),
            prefix: "/g", delta: Delta(), engine: "uv 1", interpreter: nil)
        generation.retired = retired.map { Timestamp(seconds: $0) }
        return generation
    }

    private func numbers(_ policy: RetentionPolicy, _ generations: [Generation]) -> [Int] {
        policy.candidates(generations).map(\.number.value)
    }

    @Test("the last ones that were current stay, whatever their numbers")
    func recency() {
        let all = [
            generation(1, .retired, retired: 90), generation(2, .retired, retired: 10), generation(3, .current),
            generation(4, .retired, retired: 50),
        ]
        #expect(numbers(RetentionPolicy(kept: 1), all) == [2, 4])
        #expect(numbers(RetentionPolicy(kept: 2), all) == [2])
        #expect(numbers(RetentionPolicy(kept: 0), all) == [2, 4, 1])
        #expect(numbers(RetentionPolicy(), all) == [])
    }

    @Test("where an age counts, the younger ones stay too; with a number as well, what either keeps")
    func age() {
        let all = [10, 50, 90].enumerated().map { generation($0.offset + 1, .retired, retired: $0.element) }
        #expect(numbers(RetentionPolicy(kept: nil, since: Timestamp(seconds: 50)), all) == [1])
        #expect(numbers(RetentionPolicy(kept: nil, since: Timestamp(seconds: 100)), all) == [1, 2, 3])
        #expect(numbers(RetentionPolicy(kept: 2, since: Timestamp(seconds: 100)), all) == [1])
    }

    @Test("what is current, or not whole, is never a candidate", arguments: GenerationState.allCases)
    func states(state: GenerationState) {
        let isCandidate = !numbers(RetentionPolicy(kept: 0), [generation(1, state)]).isEmpty
        #expect(isCandidate == (state == .retired))
    }
}

@Suite("What two generations do not have alike")
struct PackageSetTests {
    @Test("Python first, then conda's packages, then the Python layer, each with both versions")
    func changes() {
        let old = PackageSet(
            python: "3.11.2",
            conda: ["zlib": .init(version: "1.3", build: "h1"), "mkl": .init(version: "2024", build: "0")],
            distributions: ["attrs": "23.1", "numpy": "2.0", "idna": "3.6"])
        let new = PackageSet(
            python: "3.12.1",
            conda: ["zlib": .init(version: "1.3", build: "h2"), "mkl": .init(version: "2025", build: "0")],
            distributions: ["numpy": "2.1", "six": "1.16.0", "idna": "3.6"])
        #expect(
            old.changes(to: new).map(\.phrase) == [
                "Python 3.11.2 -> 3.12.1", "mkl 2024 -> 2025", "zlib 1.3 h1 -> 1.3 h2", "- attrs 23.1",
                "numpy 2.0 -> 2.1", "+ six 1.16.0",
            ])
        #expect(old.changes(to: new).map(\.layer) == [.interpreter, .conda, .conda, .python, .python, .python])
        #expect(old.changes(to: old).isEmpty)
        #expect(PackageSet().changes(to: new).count == 6)
    }
}

@Suite("Sizes and moments")
struct ByteSizeTests {
    @Test(
        "a size is a number and a unit",
        arguments: [
            ("20GB", 20_000_000_000), ("1.5 GiB", 1_610_612_736), ("500mb", 500_000_000), ("1 kB", 1000), ("7B", 7),
            ("2TiB", 2_199_023_255_552),
        ])
    func sizes(text: String, bytes: Int64) { #expect(ByteSize(text)?.bytes == bytes) }

    @Test(
        "what is none is refused, a bare number included",
        arguments: ["", "20", "GB", "20G", "-1GB", "1,5GB", "1e3GB", "20 GB of it", "99999999999TB", "1..5GB"])
    func noSizes(text: String) { #expect(ByteSize(text) == nil) }

    @Test(
        "people read one digit after the point",
        arguments: [
            (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1_949, "1.9 kB"), (999_949, "999.9 kB"),
            (999_950, "1.0 MB"), (12_345_678, "12.3 MB"), (20_000_000_000, "20.0 GB"), (2_500_000_000_000, "2.5 TB"),
        ])
    func shown(bytes: Int64, text: String) { #expect(ByteSize(bytes: bytes).description == text) }

    @Test(
        "a moment's text is RFC 3339 in UTC, and can be read back",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"), (1_709_251_199, "2024-02-29T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
            (1_234_567_890, "2009-02-13T23:31:30Z"),
        ])
    func moments(seconds: Int64, text: String) {
        #expect(Timestamp(seconds: seconds).text == text)
        #expect(Timestamp(text: text) == Timestamp(seconds: seconds))
        #expect(Timestamp(text: String(text.dropLast())) == nil)
    }
}

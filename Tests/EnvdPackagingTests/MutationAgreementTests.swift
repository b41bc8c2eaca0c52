import EnvdPackaging
import EnvdTestSupport
import Foundation
import Testing

@Suite("Thousands of damaged lines agree with PyPI's packaging too")
struct MutationAgreementTests {
    /// Of the four kinds, by their names in the program.
    struct Question: Codable {
        var version: [String] = []
        var specifier: [String] = []
        var marker: [String] = []
        var requirement: [String] = []
    }

    @Test("each is refused by both, or has one normal form")
    func mutations() async throws {
        var generator = Seeded(state: 0x1234_5678_9ABC_DEF0)
        // No `_` and no `\`: names that end in the one and texts with the other differ on purpose.
        let pieces = [
            "", " ", "  ", ",", ";", "(", ")", "[", "]", "@", "=", "==", "===", "!=", "~=", "<", ">", ">=", ".*", ".",
            "-", "+", "!", "1", "0", "01", "a", "rc", "post", "dev", "v", "é", "\"", "'", "and", "or", "not", "in",
            " and ", " or ", "extra", "os.name", "python.version", "\t", "\u{A0}", "#",
        ]
        func mutated(_ lines: [String], _ count: Int) -> [String] {
            let plain = lines.filter { !$0.contains("_ ") && !$0.hasSuffix("_") && !$0.contains("\\") }
            return (0..<count).map { _ in
                var text = Array(plain.randomElement(using: &generator) ?? "")
                for _ in 0..<Int.random(in: 1...3, using: &generator) {
                    let place = Int.random(in: 0...text.count, using: &generator)
                    let length = Int.random(in: 0...2, using: &generator)
                    let end = min(text.count, place + length)
                    text.replaceSubrange(place..<end, with: Array(pieces.randomElement(using: &generator) ?? ""))
                }
                return String(text)
            }
        }
        var question = Question()
        question.version = mutated(PackagingCorpus.versions, 2_000)
        question.specifier = mutated(PackagingCorpus.specifiers, 2_000)
        question.marker = mutated(PackagingCorpus.markers, 2_000)
        question.requirement = mutated(PackagingCorpus.requirements, 2_000)
        let output = try await PythonReference.run(Self.program, input: Array(try JSONEncoder().encode(question)))
        let answer = try JSONDecoder().decode([String: [String?]].self, from: Data(output))
        check(question.version, answer["version"]) { PythonVersion($0)?.normalised }
        check(question.specifier, answer["specifier"]) { (try? VersionSpecifiers(parsing: $0))?.description }
        check(question.marker, answer["marker"]) { (try? Marker(parsing: $0))?.description }
        check(question.requirement, answer["requirement"]) { (try? Requirement(parsing: $0))?.normalised }
    }

    private func check(_ lines: [String], _ theirs: [String?]?, _ normalised: (String) -> String?) {
        guard let theirs, theirs.count == lines.count else {
            Issue.record("there are not as many answers as questions")
            return
        }
        for (line, its) in zip(lines, theirs) {
            let mine = normalised(line)
            if mine != its {
                Issue.record("\(line.debugDescription): envd \(mine ?? "refuses"), packaging \(its ?? "refuses")")
            }
            if let mine, normalised(mine) != mine { Issue.record("\(mine.debugDescription) is not normal") }
        }
        #expect(theirs.count { $0 != nil } > 100)
        #expect(theirs.count { $0 == nil } > 100)
    }

    private static let program = """
        import json
        from packaging.markers import Marker
        from packaging.requirements import Requirement
        from packaging.specifiers import SpecifierSet
        from packaging.utils import canonicalize_name
        from packaging.version import Version

        with open(sys.argv[1], encoding='utf-8') as file:
            question = json.load(file)

        def requirement(text):
            own = Requirement(text.strip(' \\t\\n\\r\\f\\v'))
            result = canonicalize_name(own.name)
            if own.extras:
                result += '[' + ','.join(sorted({canonicalize_name(extra) for extra in own.extras})) + ']'
            if own.url:
                result += ' @ ' + own.url
            result += str(own.specifier)
            if own.marker:
                result += (' ; ' if own.url else '; ') + str(own.marker)
            return result

        kinds = {
            'version': lambda text: str(Version(text)), 'specifier': lambda text: str(SpecifierSet(text)),
            'marker': lambda text: str(Marker(text)), 'requirement': requirement,
        }

        def answer(kind, text):
            try:
                return kinds[kind](text)
            except ValueError:
                return None

        print(json.dumps({kind: [answer(kind, text) for text in lines] for kind, lines in question.items()}))
        """
}

/// SplitMix64: the same numbers in each run.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

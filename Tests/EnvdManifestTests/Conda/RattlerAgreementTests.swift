import EnvdCore
import EnvdManifest
import EnvdSystem
import EnvdTestSupport
import Foundation
import Testing

@Suite("Match specs are read as rattler reads them")
struct RattlerAgreementTests {
    /// Specs about which the two differ on purpose, by the reason.
    private static let differences: [String: [String]] = [
        "features are gone from conda's channels": ["numpy[track_features=mkl]", "numpy=1.26@feature"],
        "rattler's own additions": [
            "numpy[extras=[foo,bar]]", "numpy[when=\"python >=3.6\"]", "numpy[flags=[cuda]]",
        ],
        "conda documents a blank between keys": ["numpy[version='>=1.2' build=py*]"],
        "conda drops the `.*` and keeps the comparison": ["numpy >1.20.*"], "conda refuses it": ["numpy ~=1.20.*"],
        "rattler takes the rest for a build, which no package can have": [
            "numpy *.3", "foo bar baz qux", "foo 1 2 3", "foo=1=2=3", "numpy >=1.8 =py*",
        ],
        "rattler forgets the hash": [
            "https://conda.anaconda.org/conda-forge/linux-64/numpy-1.26.4-py311h64a7726_0.conda"
                + "#0123456789abcdef0123456789abcdef",
            "https://conda.anaconda.org/conda-forge/linux-64/numpy-1.26.4-py311h64a7726_0.conda"
                + "#sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        ],
        "conda knows relative paths; envd makes an address of them": ["./a-1-0.conda"],
        "conda documents the alias": ["numpy[build_string=py*]"],
        "conda wants quotes around a blank": ["numpy[license=a b]"],
    ]

    private struct Answer: Decodable {
        var canonical: String?
        var error: String?
    }

    @Test("each spec of the corpus: refused or not, and the same meaning as its normal form")
    func corpus() async throws {
        let lines = MatchSpecCorpus.lines
        #expect(lines.count >= 120)
        let reasons = Set(Self.differences.values.flatMap { $0 })
        #expect(reasons.isSubset(of: lines))
        let mine = lines.map { line in Result { () throws(GrammarErrorText) in try Self.normal(line) } }
        // rattler reads both the spec and what envd makes of it.
        let texts = lines + mine.map { (try? $0.get()) ?? "" }
        let theirs = try await Self.ask(texts)
        try #require(theirs.count == texts.count)
        for (index, line) in lines.enumerated() {
            let (original, normal) = (theirs[index], theirs[lines.count + index])
            let isSame: Bool
            switch mine[index] {
            case .failure: isSame = original.canonical == nil
            case .success:
                isSame =
                    original.canonical.map(Self.meaning) == normal.canonical.map(Self.meaning)
                    && original.canonical != nil
            }
            if reasons.contains(line) {
                #expect(!isSame, "\(line.debugDescription) is no difference any more")
            } else {
                #expect(
                    isSame, "\(line.debugDescription): envd \(mine[index]), rattler \(original), of envd's \(normal)")
            }
        }
    }

    @Test("the normal form of a normal form is itself")
    func normalForm() throws {
        for line in MatchSpecCorpus.lines {
            guard let once = try? CondaMatchSpec(parsing: line).text else { continue }
            #expect(try CondaMatchSpec(parsing: once).text == once, "\(line)")
        }
    }

    private struct GrammarErrorText: Error { var text: String }

    private static func normal(_ line: String) throws(GrammarErrorText) -> String {
        do {
            return try CondaMatchSpec(parsing: line).text
        } catch {
            throw GrammarErrorText(text: "\(error)")
        }
    }

    /// rattler keeps the order of clauses, any version as one, and a namespace, which conda drops.
    private static func meaning(_ canonical: String) -> String {
        var text = canonical.replacing("version=\"*\",", with: "").replacing("[version=\"*\"]", with: "")
        text.replace(/,?namespace="[^"]*"/, with: "")
        text.replace("[]", with: "")
        if text.contains("(") { return String(text.sorted()) }
        guard let match = text.firstMatch(of: /version="([^"(]*)"/) else { return text }
        let sorted = Set(
            match.1.split(separator: "|").map { Set($0.split(separator: ",")).sorted().joined(separator: ",") }
        ).sorted().joined(separator: "|")
        return text.replacing("version=\"\(match.1)\"", with: "version=\"\(sorted)\"")
    }

    private static func ask(_ texts: [String]) async throws -> [Answer] {
        let program = """
            import json
            from rattler import MatchSpec

            def answer(text):
                try:
                    return {'canonical': MatchSpec(text).to_canonical_string()}
                except Exception as error:
                    return {'error': str(error)}

            with open(sys.argv[1], encoding='utf-8') as file:
                print(json.dumps([answer(text) for text in json.load(file)]))
            """
        let output = try await PythonReference.run(
            program, input: Array(try JSONEncoder().encode(texts)), with: PythonReference.rattler)
        return try JSONDecoder().decode([Answer].self, from: Data(output))
    }
}

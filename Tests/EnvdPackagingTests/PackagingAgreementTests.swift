import EnvdCore
import EnvdPackaging
import EnvdTestSupport
import Foundation
import Testing

/// Both sides' answers about the whole corpus, side by side.
@Suite("The grammar agrees with PyPI's packaging")
struct PackagingAgreementTests {
    /// Lines about which the two differ on purpose, with the reason.
    static let differences = [
        "requests_": "PEP 508 ends names in a letter or digit, and uv refuses this one",
        "requests-_": "PEP 508 ends names in a letter or digit, and uv refuses this one",
        #"os_name == "back\\slash""#: "written with its escape, so that what is written can be read again",
        #"os_name == "\d""#: "written with its escape, so that what is written can be read again",
    ]

    @Test("versions: which there are, their normal form and their order")
    func versions() async throws {
        let theirs = try await Reference.answer.value.versions
        let corpus = PackagingCorpus.versions
        for (index, text) in corpus.enumerated() {
            let version = PythonVersion(text)
            var mine = Reference.Version(valid: version != nil)
            if let version {
                mine.normalised = version.normalised
                mine.isPreRelease = version.isPreRelease
                mine.order = corpus.map { other in
                    guard let other = PythonVersion(other) else { return "x" }
                    return version < other ? "<" : (version == other ? "=" : ">")
                }.joined()
                #expect(PythonVersion(version.normalised)?.normalised == version.normalised)
                for other in corpus.compactMap({ PythonVersion($0) }) where other == version {
                    #expect(other.hashValue == version.hashValue)
                }
            }
            #expect(mine == theirs[index], "`\(text)`")
        }
    }

    @Test("specifiers: which there are, their normal form and what they contain")
    func specifiers() async throws {
        let theirs = try await Reference.answer.value.specifiers
        for (index, text) in PackagingCorpus.specifiers.enumerated() {
            let specifiers = try? VersionSpecifiers(parsing: text)
            var mine = Reference.Specifier(valid: specifiers != nil)
            if let specifiers {
                mine.normalised = specifiers.description
                mine.contains = [nil, true, false].map { prereleases in
                    PackagingCorpus.candidates.map { specifiers.contains($0, prereleases: prereleases) ? "1" : "0" }
                        .joined()
                }
                #expect(try VersionSpecifiers(parsing: specifiers.description) == specifiers)
            }
            #expect(mine == theirs[index], "`\(text)`")
        }
    }

    @Test("markers: which there are, their normal form and where they hold")
    func markers() async throws {
        let theirs = try await Reference.answer.value.markers
        for (index, text) in PackagingCorpus.markers.enumerated() {
            let marker = try? Marker(parsing: text)
            var mine = Reference.Marker(valid: marker != nil)
            if let marker {
                mine.normalised = marker.description
                mine.holds = Reference.environments.map { values in
                    do throws(MarkerProblem) {
                        return try marker.evaluate(in: Reference.environment(values)) ? "true" : "false"
                    } catch {
                        switch error {
                        case .unknownVariable: return "unknown"
                        case .undefinedComparison: return "undefined"
                        }
                    }
                }
                #expect(try Marker(parsing: marker.description) == marker)
            }
            compare(text, mine, theirs[index])
        }
    }

    @Test("requirements: which there are and all of their parts")
    func requirements() async throws {
        let theirs = try await Reference.answer.value.requirements
        for (index, text) in PackagingCorpus.requirements.enumerated() {
            let requirement = try? Requirement(parsing: text)
            var mine = Reference.Requirement(valid: requirement != nil)
            if let requirement {
                mine.name = requirement.name
                mine.extras = requirement.extras
                mine.specifier = requirement.specifiers.joined(separator: ",")
                mine.url = requirement.url
                mine.marker = requirement.marker
                #expect(try Requirement(parsing: requirement.normalised) == requirement)
                #expect(try Requirement(parsing: requirement.normalised).normalised == requirement.normalised)
            }
            compare(text, mine, theirs[index])
        }
    }

    @Test("the corpus is large, and every difference is one")
    func size() {
        let all =
            PackagingCorpus.versions + PackagingCorpus.specifiers + PackagingCorpus.markers
            + PackagingCorpus.requirements
        #expect(all.count >= 200)
        #expect(Self.differences.keys.allSatisfy { all.contains($0) })
    }

    private func compare<Answer: Equatable>(_ text: String, _ mine: Answer, _ theirs: Answer) {
        if Self.differences[text] != nil {
            #expect(mine != theirs, "`\(text)` is no difference any more")
        } else {
            #expect(mine == theirs, "`\(text)`")
        }
    }
}

/// What `packaging` says, asked once for the whole corpus.
enum Reference {
    struct Version: Equatable, Decodable {
        var valid: Bool
        var normalised: String?
        var isPreRelease: Bool?
        /// A sign for each version of the corpus, `x` for what is none.
        var order: String?
    }

    struct Specifier: Equatable, Decodable {
        var valid: Bool
        var normalised: String?
        /// For pre-releases left open, wanted and refused: a digit for each candidate.
        var contains: [String]?
    }

    struct Marker: Equatable, Decodable {
        var valid: Bool
        var normalised: String?
        /// For each environment.
        var holds: [String]?
    }

    struct Requirement: Equatable, Decodable {
        var valid: Bool
        var name: String?
        var extras: [String]?
        var specifier: String?
        var url: String?
        var marker: String?
    }

    struct Answer: Decodable {
        var versions: [Version]
        var specifiers: [Specifier]
        var markers: [Marker]
        var requirements: [Requirement]
    }

    private struct Question: Encodable {
        var versions = PackagingCorpus.versions
        var specifiers = PackagingCorpus.specifiers
        var candidates = PackagingCorpus.candidates
        var markers = PackagingCorpus.markers
        var environments = Reference.environments
        var requirements = PackagingCorpus.requirements
    }

    private static let linux = [
        "python_version": "3.11", "python_full_version": "3.11.2", "implementation_version": "3.11.2",
        "sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64",
        "implementation_name": "cpython", "platform_python_implementation": "CPython",
        "platform_release": "6.1.0-13-amd64", "platform_version": "#1 SMP", "extra": "", "extras": "",
        "dependency_groups": "",
    ]

    /// By name; the values of the sets with commas.
    static let environments: [[String: String]] = [
        linux,
        linux.merging([
            "python_version": "3.14", "python_full_version": "3.14.0b2", "implementation_version": "3.14.0b2",
            "extra": "Test", "extras": "Test,test_extra", "dependency_groups": "dev-group,Docs",
            "platform_machine": "aarch64", "platform_release": "5.10",
        ]) { $1 },
        linux.merging([
            "python_version": "3.8", "python_full_version": "3.8.20+", "implementation_version": "7.3.13",
            "implementation_name": "pypy", "platform_python_implementation": "PyPy", "extra": "test.EXTRA",
            "sys_platform": "win32", "os_name": "nt", "platform_system": "Windows", "platform_release": "10",
            "extras": "b", "dependency_groups": "dev",
        ]) { $1 },
    ]

    static func environment(_ values: [String: String]) -> MarkerEnvironment {
        let names: Set = ["extras", "dependency_groups"]
        return MarkerEnvironment(
            values.filter { !names.contains($0.key) },
            sets: values.filter { names.contains($0.key) }.mapValues { Set($0.split(separator: ",").map(String.init)) })
    }

    static let answer = Task<Answer, any Error> {
        let input = Array(try JSONEncoder().encode(Question()))
        let output = try await PythonReference.run(program, input: input)
        return try JSONDecoder().decode(Answer.self, from: Data(output))
    }

    private static let program = """
        import json
        from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName
        from packaging.requirements import InvalidRequirement, Requirement
        from packaging.specifiers import InvalidSpecifier, SpecifierSet
        from packaging.utils import canonicalize_name
        from packaging.version import InvalidVersion, Version

        with open(sys.argv[1], encoding='utf-8') as file:
            question = json.load(file)

        def parsed(kind, error, text):
            try:
                return kind(text)
            except error:
                return None

        def version(text):
            own = parsed(Version, InvalidVersion, text)
            if own is None:
                return {'valid': False}
            order = ''
            for other in question['versions']:
                other = parsed(Version, InvalidVersion, other)
                order += 'x' if other is None else '<' if own < other else '=' if own == other else '>'
            return {'valid': True, 'normalised': str(own), 'isPreRelease': own.is_prerelease, 'order': order}

        def specifier(text):
            own = parsed(SpecifierSet, InvalidSpecifier, text)
            if own is None:
                return {'valid': False}
            contains = [
                ''.join('1' if own.contains(candidate, prereleases=wanted) else '0'
                        for candidate in question['candidates'])
                for wanted in (None, True, False)
            ]
            return {'valid': True, 'normalised': str(own), 'contains': contains}

        def holds(own, values):
            sets = ('extras', 'dependency_groups')
            values = {key: set(filter(None, value.split(','))) if key in sets else value
                      for key, value in values.items()}
            try:
                return 'true' if own.evaluate(values) else 'false'
            except UndefinedEnvironmentName:
                return 'unknown'
            except UndefinedComparison:
                return 'undefined'

        def marker(text):
            own = parsed(Marker, InvalidMarker, text)
            if own is None:
                return {'valid': False}
            return {'valid': True, 'normalised': str(own),
                    'holds': [holds(own, values) for values in question['environments']]}

        def requirement(text):
            own = parsed(Requirement, InvalidRequirement, text)
            if own is None:
                return {'valid': False}
            return {'valid': True, 'name': canonicalize_name(own.name),
                    'extras': sorted({canonicalize_name(extra) for extra in own.extras}),
                    'specifier': str(own.specifier), 'url': own.url,
                    'marker': None if own.marker is None else str(own.marker)}

        print(json.dumps({
            'versions': [version(text) for text in question['versions']],
            'specifiers': [specifier(text) for text in question['specifiers']],
            'markers': [marker(text) for text in question['markers']],
            'requirements': [requirement(text) for text in question['requirements']],
        }))
        """
}

import EnvdCore
import EnvdSystem
import Testing

@Suite("The variables that envd knows")
struct EnvironmentVariableTests {
    /// Where the sources are: where this file was compiled, or a copy that the environment names.
    private static var sources: Path {
        ProcessEnvironment.path("ENVD_SOURCES") ?? Path(#filePath).parent.parent.parent
    }

    /// What shells keep themselves.
    private static let shellsOwn: Set<String> = [
        "BASHPID", "BASH_COMMAND", "BASH_SUBSHELL", "BASH_VERSINFO", "COLUMNS", "EUID", "FUNCNAME", "IFS", "KSH_ARRAYS",
        "OLDPWD", "PROMPT_COMMAND", "PS1", "RANDOM", "REPLY", "SECONDS", "SHLVL", "UID", "ZSH_SUBSHELL", "ZSH_VERSION",
        "BASH_SOURCE",
    ]

    private func files(below place: Path, _ endings: [String]) throws -> [Path] {
        var found: [Path] = []
        for name in try FileSystem.list(place) {
            let path = place.appending(Path(name))
            switch try FileSystem.status(path, followingLink: false)?.kind {
            case .directory: found += try files(below: path, endings)
            case .file where endings.contains { name.description.hasSuffix($0) }: found.append(path)
            default: break
            }
        }
        return found
    }

    private func lines(_ file: Path) throws -> [(number: Int, text: Substring)] {
        String(decoding: try FileSystem.read(file), as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false
        )
        .enumerated().map { ($0.offset + 1, $0.element) }
    }

    @Test("every variable that the code reads is one of them")
    func code() throws {
        let read = [
            // Of this process, by a name that stands there.
            #/(?:getenv|ProcessEnvironment\.(?:value|path))\("([A-Za-z_]+)"/#,
            // Of one that was handed over. What is assigned to is made, not read.
            #/\w\??\["([A-Z][A-Z0-9]*_[A-Z0-9_]+|PATH|HOME|SHELL|LANG|USER|TMPDIR|PWD|TERM)"\](?!\s*=[^=])/#,
        ]
        let all = try files(below: Self.sources / "Sources", [".swift"])
        #expect(all.count > 300)
        var known: Set<String> = []
        for file in all {
            for (number, line) in try lines(file) {
                for name in read.flatMap({ line.matches(of: $0).map { String($0.1) } }) {
                    known.insert(name)
                    #expect(
                        EnvironmentVariable.entry(of: name) != nil,
                        "\(file):\(number) reads \(name), which EnvironmentVariable.known lacks")
                }
            }
        }
        // The search itself finds something.
        #expect(known.isSuperset(of: ["PATH", "ENVD_UNDO"]))
    }

    @Test("every variable that the hooks read is one of them, as the hooks' own")
    func hooks() throws {
        let read = [
            #/\$\{?[#=~^]?([A-Z][A-Z0-9_]+)/#, #/set -q [a-z_ ]*?([A-Z][A-Z0-9_]+)/#,
        ]
        var found: Set<String> = []
        for file in try files(below: Self.sources / "shell", [".bash", ".zsh", ".fish"]) {
            for (number, line) in try lines(file) where line.drop(while: { $0 == " " }).first != "#" {
                for name in read.flatMap({ line.matches(of: $0).map { String($0.1) } })
                where !Self.shellsOwn.contains(name) {
                    found.insert(name)
                    let role = EnvironmentVariable.entry(of: name)?.role
                    #expect(
                        role.map { !$0.isDisjoint(with: [.hook, .set]) } ?? false,
                        "\(file):\(number) reads \(name), which EnvironmentVariable.known has not for the hooks")
                }
            }
        }
        #expect(found.isSuperset(of: ["ENVD_DISABLE", "XDG_RUNTIME_DIR", "ENVD_ROOT"]))
    }

    @Test("each stands there once, with words for the manual")
    func entries() {
        let names = EnvironmentVariable.known.map(\.text)
        #expect(Set(names).count == names.count)
        for variable in EnvironmentVariable.known {
            #expect(!variable.role.isEmpty && !variable.meaning.description.hasSuffix("."), "\(variable.text)")
        }
        #expect(EnvironmentVariable.entry(of: "UV_INDEX_URL")?.text == "UV_*")
        #expect(EnvironmentVariable.entry(of: "CONDARC")?.text == "CONDARC")
        #expect(EnvironmentVariable.entry(of: "LESS") == nil)
    }
}

@Suite("A name that was meant")
struct NearestNameTests {
    @Test(
        "is found through slips of the finger, and not where nothing is near",
        arguments: [
            ("input", "inputs"), ("inptus", "inputs"), ("ld-library-path", "ld_library_path"), ("Engine", "engine"),
            ("python_version", nil), ("x", nil), ("", nil), ("kepe", "keep"),
        ] as [(String, String?)])
    func nearest(word: String, name: String?) {
        #expect(NearestName.of(word, among: ["engine", "inputs", "keep", "ld_library_path", "python"]) == name)
        #expect(NearestName.of(word, among: []) == nil)
    }
}

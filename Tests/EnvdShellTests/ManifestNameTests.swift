import EnvdCore
import EnvdManifest
import Testing

@testable import EnvdShell

@Suite("What a hook asks about")
struct ManifestNameTests {
    @Test("is every manifest that envd reads, and nothing else", arguments: Shell.allCases)
    func names(shell: Shell) throws {
        let text = String(
            decoding: HookScript.text(for: shell, hookProgram: "/h", program: "/e"), as: UTF8.self)
        let named: [String]
        switch shell {
        case .bash, .zsh:
            let function = try #require(text.split(separator: "_envd_manifest() {").last)
            let body = try #require(function.split(separator: "\n}").first)
            named = body.split(separator: "-e $1/").dropFirst().map { String($0.prefix { !$0.isWhitespace }) }
        case .fish:
            let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("set -g _envd_names ") })
            named = line.split(separator: " ").dropFirst(3).map(String.init)
        }
        #expect(named == ManifestReader.names)
    }
}

import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Foundation
import Testing

@Suite("Secrets stay where their user put them", .timeLimit(.minutes(20)))
struct SecretsTests {
    private static let canaries = [
        "url": "canary-in-an-address-7f3a", "variable": "canary-in-a-variable-91bc", "netrc": "canary-in-netrc-d20e",
        "channel": "canary-of-a-channel-55aa",
    ]

    @Test("a password or token that leads to an index is used, and found nowhere: no file, no answer, no error")
    func nowhere() async throws {
        let canaries = Self.canaries
        let home = try Home([
            "UV_INDEX_PRIVATE_USERNAME": "me", "UV_INDEX_PRIVATE_PASSWORD": ByteString(canaries["variable"] ?? ""),
        ])
        let files = home.path / "served"
        for name in ["envd-secret-url", "envd-secret-variable", "envd-secret-netrc"] {
            try LoopbackIndex.publish(name, in: files)
        }
        try FileSystem.replaceLink(files / "channels", to: try await CondaTests.channels.value)
        let index = try await LoopbackIndex(files, secrets: canaries.values.sorted())
        try home.write(
            home.path / "home/.netrc", "machine localhost login me password \(canaries["netrc"] ?? "")\n")
        func server(_ user: String = "", host: String = "127.0.0.1") -> String { "http://\(user)\(host):\(index.port)" }
        let further: [String: (file: String, text: String, more: String)] = [
            "url": (
                "requirements.txt",
                "--extra-index-url \(server("me:\(canaries["url"] ?? "")@"))/simple/\nenvd-secret-url==1.0\n",
                "envd-secret-none==9\n"
            ),
            "netrc": (
                "requirements.txt",
                "--extra-index-url \(server(host: "localhost"))/simple/\nenvd-secret-netrc==1.0\n",
                "envd-secret-none==9\n"
            ),
            "variable": (
                "pyproject.toml",
                manifest("\"envd-secret-variable\"")
                    + "[[tool.uv.index]]\nname = \"private\"\nurl = \"\(server())/simple/\"\n",
                "[dependency-groups]\ndev = [\"envd-secret-none==9\"]\n"
            ),
            "channel": (
                "environment.yml",
                "channels:\n  - \(server())/t/\(canaries["channel"] ?? "")/channels/main\n  - nodefaults\ndependencies:\n  - moving\n",
                "  - envd-secret-none\n"
            ),
        ]
        var said = ""
        for (name, project) in further.sorted(by: { $0.key < $1.key }) {
            let root = try home.ready(name, files: [project.file: project.text])
            said += words(home, root)
            // One that fails, and says so.
            try home.write(root / project.file, project.text + project.more)
            let waited = home.envd("wait", in: root)
            #expect(waited.status == 1, "\(name)")
            #expect(try home.status(root).failure?.message.isEmpty == false, "\(name)")
            said += waited.output + waited.errors + words(home, root)
        }
        said += home.envd("status", "--all", "--json").output
        let secrets = canaries.values.flatMap { [$0, Data("me:\($0)".utf8).base64EncodedString()] }
        for secret in secrets { #expect(!said.contains(secret), "\(secret): \(said)") }

        let patterns = try home.directory.write("secrets", secrets.joined(separator: "\n") + "\n")
        // The engines' caches among them; what lies in the projects and in netrc is the user's own.
        let places = [home.path / "state", home.path / "data", home.path / "run", Programs.cache]
        let found = home.run(
            "/usr/bin/grep", ["-rlaF", "-f", patterns.description] + places.map(\.description), within: 300)
        #expect(found.status == 1 && found.output == "", "\(found.output)\(found.errors)")
        // And grep finds what is there.
        try home.write(home.path / "state/found", "x\(secrets[0])x")
        let tried = home.run("/usr/bin/grep", ["-rlaF", "-f", patterns.description, "\(home.path)/state"])
        #expect(tried.output == "\(home.path)/state/found\n")
    }

    /// All that envd says of a project.
    private func words(_ home: Home, _ root: Path) -> String {
        let commands = [
            ["status"], ["status", "--json"], ["log"], ["history", "--json"], ["diff"], ["doctor", "--json"],
            ["allow", "--dry-run"], ["allow", "--dry-run", "--json"], ["env", "--json"], ["gc", "--dry-run"],
        ]
        return commands.map { command in
            let outcome = home.run(Programs.envd, command, in: root)
            return outcome.output + outcome.errors
        }.joined(separator: "\n")
    }
}

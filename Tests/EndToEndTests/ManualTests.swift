import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("The manual")
struct ManualTests {
    private let home: Home

    init() throws { home = try Home(uv: false) }

    /// The page as a terminal shows it, wide enough that no word is broken.
    private func page(_ name: String) throws -> String {
        let source = try home.envd("manual", name).expect(0)
        try home.write(home.path / "page", source.output)
        let shown = try home.run(
            "/usr/bin/groff",
            ["-man", "-Tutf8", "-Kutf8", "-ww", "-P-cbou", "-rLL=400n", "-rHY=0", "\(home.path)/page"]
        ).expect(0)
        #expect(shown.errors.isEmpty, "\(name)")
        return shown.output
    }

    @Test("has each subcommand, each variable and each exit status, and groff has nothing to say to it")
    func program() throws {
        let page = try page("envd")
        let help = try home.envd("--help").expect(0).output
        let commands = help.split(separator: "SUBCOMMANDS:").last.map { words in
            words.split(separator: "\n").filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
                .compactMap { $0.split(separator: " ").first }.filter { $0 != "See" }
        }
        #expect((commands ?? []).count > 20)
        for command in commands ?? [] { #expect(page.contains("\n   envd \(command)"), "\(command)") }
        #expect(page.contains("envd engines install"))
        #expect(!page.contains("cuda-driver") && !page.contains("envd manual"))
        for variable in EnvironmentVariable.known where variable.role != .inner {
            #expect(page.contains("\n       \(variable.text)"), "\(variable.text)")
        }
        for status in ["64", "69", "75", "126", "127"] { #expect(page.contains("\n       \(status) ")) }
    }

    @Test("has pages of the hook and of the settings")
    func others() throws {
        let hook = try page("envd-hook")
        for verb in ["hello", "ask", "switch", "settle", "ENVD_DISABLE"] { #expect(hook.contains(verb)) }
        let settings = try page("envd.toml")
        for key in ["inputs", "ld_library_path", "store.max", "conda.post_link_scripts"] {
            #expect(settings.contains("\n       \(key)"), "\(key)")
        }
    }

    @Test("has the same settings as the README")
    func readme() throws {
        let sources = ProcessEnvironment.path("ENVD_SOURCES") ?? Path(#filePath).parent.parent.parent
        let readme = String(decoding: try FileSystem.read(sources / "README.md"), as: UTF8.self)
        let table = try home.envd("manual", "settings.md").expect(0).output
        #expect(readme.contains(table), "paste what `envd manual settings.md` prints")
    }
}

import EnvdCore
import EnvdManifest
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("The settings")
struct SettingsTests {
    private func problem(user: String? = nil, project: String? = nil) throws -> Diagnostic? {
        let place = try TemporaryDirectory("settings")
        if let user { try place.write("config.toml", user) }
        if let project { try place.write("p/envd.toml", project) }
        return EffectiveSettings(root: place.path / "p", configuration: place.path / "config.toml").problems.first
    }

    @Test("each key's own preset is a value that it takes, and what holds where nobody says anything")
    func presets() throws {
        var (user, project) = ("", "")
        for setting in Setting.known {
            guard case .value(let value) = setting.preset else { continue }
            let line = "\(setting.name) = \(value.tomlText)\n"
            if setting.places.contains(.user) { user += line }
            if setting.places.contains(.project) { project += line }
        }
        #expect(try problem(user: user, project: project) == nil)
        var plain = try SampleProject(["requirements.txt": "six"])
        plain.configuration = plain.root / "config.toml"
        let before = (try plain.spec(), plain.reading.userSettings)
        try plain.write("config.toml", user)
        try plain.write("envd.toml", project)
        #expect(try plain.spec().canonicalEncoding.bytes == before.0.canonicalEncoding.bytes)
        var said = plain.reading.userSettings
        #expect(said.keptGenerations == RetentionPolicy.defaultCount)
        said.keptGenerations = nil
        #expect(said == before.1)
    }

    @Test("of each key a wrong type is named with file, line and what it has to be", arguments: Setting.known)
    func types(setting: Setting) throws {
        for wrong in ["1.5", "\"\\u0000\"", "[[]]", "{ x = 1 }", "-1"] {
            for place in setting.places {
                let text = "# a comment\n\(setting.name) = \(wrong)\n"
                let found = try #require(
                    try place == .user ? problem(user: text) : problem(project: text), "\(setting.name) = \(wrong)")
                #expect(found.message.contains("`\(setting.path.last ?? "")` has to be \(setting.kind.expectation)"))
                #expect(found.location?.line == 2)
                #expect(found.location?.file.name == (place == .user ? "config.toml" : "envd.toml"))
            }
        }
    }

    @Test(
        "a word that there is none of leads to the one that was meant",
        arguments: [
            ("[stroe]\nkeep = 1", nil, "did you mean `store`?"), ("keep = 3", nil, "did you mean `store.keep`?"),
            ("engine = \"uv\"", nil, "`engine` is for a project to say, in its `envd.toml`"),
            (nil, "input = [\"a\"]", "did you mean `inputs`?"), (nil, "engine = \"ub\"", "did you mean \"uv\"?"),
            (nil, "trust = \"ask\"", "`trust` is for the user to say, in `config.toml`"),
            (nil, "[store]\nkeep = 1", "`store.…` is for the user to say, in `config.toml`"),
            ("qwertyuiop = 1", nil, "mend the file"),
        ] as [(String?, String?, String)])
    func near(user: String?, project: String?, words: String) throws {
        let found = try #require(try problem(user: user, project: project))
        #expect(found.hint?.contains(words) == true, "\(found)")
        #expect(found.hint?.hasSuffix("is read again when it is saved") == true)
    }

    @Test("what a project says goes before what its user says, and each value knows where it was said")
    func effective() throws {
        let place = try TemporaryDirectory("settings")
        try place.write("config.toml", "ld_library_path = \"off\"\n[store]\nkeep = 2\n")
        try place.write("p/pyproject.toml", "[project]\nname = \"p\"\n[tool.envd]\n\nld_library_path = \"full\"\n")
        let root = place.path / "p"
        func text(_ name: String, _ settings: EffectiveSettings) -> String? {
            settings.entries.first { $0.setting.name == name }.map { entry in
                "\(entry.text) \(entry.location.map { "\($0.file.name):\($0.line ?? 0)" } ?? "default")"
            }
        }
        let mine = EffectiveSettings(root: nil, configuration: place.path / "config.toml")
        #expect(text("ld_library_path", mine) == "\"off\" config.toml:1")
        #expect(text("store.keep", mine) == "2 config.toml:3")
        #expect(text("engine", mine) == nil && text("trust", mine) == "\"follow\" default")
        let its = EffectiveSettings(root: root, configuration: place.path / "config.toml")
        #expect(text("ld_library_path", its) == "\"full\" pyproject.toml:5")
        #expect(text("store.keep", its) == "2 config.toml:3")
        #expect(EffectiveSettings.root(around: root / "src/deep", home: place.path) == root)
        #expect(EffectiveSettings.root(around: place.path / "q", home: place.path) == nil)
    }
}

import EnvdCore
import EnvdManifest
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("config.toml")
struct UserSettingsTests {
    private func project(_ text: String?, _ files: [String: String] = [:]) throws -> SampleProject {
        var project = try SampleProject(["requirements.txt": "six"].merging(files) { $1 })
        if let text { try project.write("home/config.toml", text) }
        project.configuration = project.root / "home/config.toml"
        return project
    }

    @Test("says which libraries are offered, and gives way to the project's word")
    func libraries() throws {
        #expect(try project(nil).spec().libraryPath == LibraryPath())
        #expect(try project("ld_library_path = \"off\"").spec().libraryPath == LibraryPath(mode: .off))
        let table = "ld_library_path = { exclude = [\"libz*\", \"liba.so.1\"] }"
        let excluded = LibraryPath(mode: .safe, excluded: ["liba.so.1", "libz*"])
        #expect(try project(table).spec().libraryPath == excluded)
        let own = try project("ld_library_path = \"off\"", ["envd.toml": "ld_library_path = \"full\"\n"])
        #expect(try own.spec().libraryPath == LibraryPath(mode: .full))
        // Another choice is another environment; the default is none of its own.
        #expect(
            Fingerprint(of: try project(table).spec().canonicalEncoding)
                != Fingerprint(of: try project(nil).spec().canonicalEncoding))
    }

    @Test("says whether packages' scripts are run, which no project can")
    func scripts() throws {
        #expect(try !project(nil).reading.userSettings.runsLinkScripts)
        #expect(try project("[conda]\npost_link_scripts = true").reading.userSettings.runsLinkScripts)
        let message = try project(nil, ["envd.toml": "[conda]\npost_link_scripts = true"]).diagnostic().message
        #expect(message.contains("`conda` is no key of `envd.toml`"))
    }

    @Test("says how much disk environments may take, and how many earlier ones stay")
    func store() throws {
        let none = try project("").reading.userSettings
        #expect(none.storeLimit == nil && none.keptGenerations == nil)
        let both = try project("[store]\nmax = \"1.5GiB\"\nkeep = 0").reading.userSettings
        #expect(both.storeLimit == ByteSize(bytes: 1_610_612_736) && both.keptGenerations == 0)
    }

    @Test(
        "a mistake is named with its line",
        arguments: [
            ("x = 1", "`x` is no key here", 1), ("\nld_library_path = \"on\"", "`ld_library_path` has to be", 2),
            ("ld_library_path = { mode = \"safe\", with = 1 }", "`ld_library_path` has to be", 1),
            ("ld_library_path = { exclude = [1] }", "`ld_library_path` has to be", 1),
            ("[conda]\nscripts = 1", "`scripts` is no key here; it has post_link_scripts", 2),
            ("[conda]\npost_link_scripts = 1", "has to be true or false", 2), ("conda = 1", "has to be a table", 1),
            ("[store]\nlimit = 1", "`limit` is no key here; it has keep, max", 2),
            ("[store]\nmax = 20", "`max` has to be a size with its unit", 2),
            ("[store]\nmax = \"0GB\"", "`max` has to be a size", 2), ("[store]\n\nkeep = -1", "`keep` has to be", 3),
            ("store = \"20GB\"", "`store` has to be a table", 1),
            ("ld_library_path = ", "could not read `config.toml`", 1),
        ])
    func mistakes(text: String, words: String, line: Int) throws {
        let project = try project(text)
        let diagnostic = try project.diagnostic()
        #expect(diagnostic.message.contains(words), "\(diagnostic)")
        #expect(diagnostic.location?.line == line)
        #expect(diagnostic.location?.file == project.root / "home/config.toml")
        #expect(project.inputs.contains("home/config.toml"))
    }
}

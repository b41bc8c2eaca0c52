import EnvdCore
import EnvdManifest
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("Channels of conda")
struct CondaChannelTests {
    /// The channels of a manifest, by the settings of a user.
    private func channels(_ written: String, _ settings: [String: String] = [:]) throws -> [String] {
        try read(written, settings).0
    }

    private func read(_ written: String, _ settings: [String: String]) throws -> ([String], ManifestReading) {
        let home = try TemporaryDirectory("home")
        for (name, text) in settings { try home.write(name, text) }
        var project = try SampleProject(["environment.yml": "channels: \(written)\ndependencies: [python]\n"])
        project.conda = CondaSettings.Places(
            home: home.path, configuration: home.path / "xdg", condarc: home.path / "own")
        let reading = project.reading
        let channels = try #require(try reading.spec.get().conda).channels
        return withExtendedLifetime(home) {
            (channels.map { $0.replacing(project.root.description, with: "ROOT") }, reading)
        }
    }

    @Test(
        "names, paths and addresses become addresses",
        arguments: [
            ("conda-forge", [forge]), ("defaults", anaconda), ("pkgs/main", [anaconda[0]]),
            ("bioconda/label/dev", ["https://conda.anaconda.org/bioconda/label/dev"]),
            ("https://e.org/ch/", ["https://e.org/ch"]), ("HTTPS://e.org/ch/linux-64", ["https://e.org/ch"]),
            ("http://e.org/noarch", ["http://e.org"]),
            ("file:///srv/ch", ["file:///srv/ch"]), ("/srv/ch", ["file:///srv/ch"]), ("./ch", ["file://ROOT/ch"]),
            ("../ch/../d", ["file:///tmp/d"]),
            ("https://conda.anaconda.org/t/${TOKEN}/private", ["https://conda.anaconda.org/t/${TOKEN}/private"]),
            ("https://${USER}:${PASSWORD}@e.org/ch", ["https://${USER}:${PASSWORD}@e.org/ch"]),
            ("https://me:pw@e.org/ch", ["https://e.org/ch"]), ("https://e.org/t/abc/ch", ["https://e.org/ch"]),
            ("https://me:${P}@e.org/ch", ["https://e.org/ch"]),
        ])
    func resolved(written: String, expected: [String]) throws {
        var found = try channels("['\(written)', nodefaults]")
        if written.hasPrefix("../") {
            found = found.map { _ in "file:///tmp/d" }.filter { _ in
                found[0].hasSuffix("/d") && !found[0].contains("ROOT")
            }
        }
        #expect(found == expected)
    }

    @Test(
        "what is no channel is refused",
        arguments: ["local", "~/ch", "-x", "a*b", "ftp://e.org/ch", "https://", "s p a"])
    func refused(written: String) throws {
        let diagnostic = try condaDiagnostic("dependencies: []\nchannels:\n- '\(written)'\n")
        #expect(diagnostic.location?.line == 3 && diagnostic.message.contains("channel"), "\(diagnostic)")
    }

    @Test("those of the user follow, `defaults` where there are none, nothing after `nodefaults`")
    func following() throws {
        #expect(try channels("[]") == anaconda)
        #expect(try channels("[conda-forge]") == [forge] + anaconda)
        #expect(try channels("[conda-forge, nodefaults]") == [forge])
        let own = [".condarc": "channels: [https://own.org/a, defaults]"]
        #expect(try channels("[conda-forge]", own) == [forge, "https://own.org/a"] + anaconda)
        #expect(try channels("[]", own) == ["https://own.org/a"] + anaconda)
        #expect(try channels("[conda-forge, nodefaults]", own) == [forge])
    }

    @Test("the settings of all places are joined, those that count more first, and watched")
    func places() throws {
        let files = [
            "xdg/conda/.condarc": "channels: [a, b]\nchannel_alias: https://x.org/\nchannel_priority: disabled\n",
            ".config/conda/.condarc": "channels: [c]\n", ".condarc": "channels: [d, b]\nchannel_priority: flexible\n",
            "own": "channels: [e]\nchannel_alias: https://own.org\n",
        ]
        let (found, reading) = try read("[]", files)
        #expect(found == ["e", "d", "b", "c", "a"].map { "https://own.org/\($0)" })
        #expect(try reading.spec.get().conda?.channelPriority == .flexible)
        let watched = Set(reading.inputs.map(\.path.name.description))
        #expect(watched.isSuperset(of: [".condarc", "condarc", "own"]))
        #expect(reading.inputs.filter { $0.path.name == ".condarc" }.count == 4)
    }

    @Test(
        "names of the user's own",
        arguments: [
            ("custom_channels: {mine: 'https://own.org/x/'}", "mine", ["https://own.org/x/mine"]),
            ("custom_channels: {mine: 'https://own.org'}", "mine/label/dev", ["https://own.org/mine/label/dev"]),
            ("custom_channels: {pkgs/main: 'https://own.org'}", "pkgs/main", ["https://own.org/pkgs/main"]),
            ("custom_multichannels: {all: [conda-forge, 'https://own.org/a']}", "all", [forge, "https://own.org/a"]),
            ("custom_multichannels: {defaults: [conda-forge]}", "defaults", [forge]),
            (
                "default_channels: ['https://own.org/main', r]", "defaults",
                ["https://own.org/main", "https://conda.anaconda.org/r"]
            ),
            ("channel_alias: own.org/api", "x", ["https://own.org/api/x"]),
            ("channel_alias: 'https://me:pw@own.org'", "x", ["https://own.org/x"]),
        ])
    func own(settings: String, written: String, expected: [String]) throws {
        #expect(try channels("['\(written)', nodefaults]", [".condarc": settings]) == expected)
    }

    @Test("a channel of itself ends")
    func loop() throws {
        let settings = [".condarc": "custom_multichannels: {a: [b], b: [a], c: [c]}"]
        for name in ["a", "c"] {
            let error = #expect(throws: Diagnostic.self) { try channels("[\(name), nodefaults]", settings) }
            #expect(error?.message.hasSuffix("is a channel of itself") == true)
        }
    }

    @Test("credentials reach no spec, and the engine all the same")
    func secrets() throws {
        let (found, reading) = try read(
            "['https://me:pw@e.org/ch', nodefaults]", [".condarc": "proxy_servers: {https: 'http://u:p@proxy.org'}"])
        #expect(found == ["https://e.org/ch"])
        #expect(reading.channelSecrets == ["https://e.org/ch": "https://me:pw@e.org/ch"])
        #expect(reading.notes.map(\.message) == ["a channel holds credentials: they are passed on, and kept nowhere"])
        let spec = try reading.spec.get()
        #expect(!"\(spec)".contains("pw") && !"\(spec)".contains("u:p"))
        let wanted = try read("['https://conda.anaconda.org/t/${TOKEN}/x', nodefaults]", [:]).1
        #expect(wanted.wantedVariables == ["TOKEN"] && wanted.channelSecrets.isEmpty)
    }

    @Test("every setting that the engine heeds is read")
    func settings() throws {
        let text = """
            ssl_verify: no
            proxy_servers: {http: 'http://proxy.org:80', https: null}
            offline: true
            changeps1: False
            env_prompt: '({name}) '
            pinned_packages: [numpy=1.26, 'python 3.11.*']
            channel_priority: true
            always_yes: true
            """
        let reading = try read("[]", [".condarc": text]).1
        let settings = try #require(reading.condaSettings)
        #expect(settings.sslVerify == "false" && settings.offline && settings.changePS1 == false)
        #expect(settings.proxyServers == ["http": "http://proxy.org:80"] && settings.envPrompt == "({name}) ")
        #expect(settings.channelPriority == .flexible)
        #expect(try reading.spec.get().conda?.pins == ["numpy 1.26.*", "python 3.11.*"])
    }

    @Test(
        "a mistake in them is told with its place",
        arguments: [
            ("channels: {a: b}", 1), ("a: b\nchannel_priority: sometimes", 2), ("offline: maybe", 1), ("- a", 1),
            ("a: [", 2),
            ("\nproxy_servers: [a]", 2),
        ])
    func mistakes(text: String, line: Int) throws {
        let home = try TemporaryDirectory("home")
        try home.write(".condarc", text)
        var project = try SampleProject(["environment.yml": "dependencies: [python]\n"])
        project.conda = CondaSettings.Places(home: home.path)
        let diagnostic = try project.diagnostic()
        #expect(
            diagnostic.location == .init(file: home.path / ".condarc", line: line, column: diagnostic.location?.column))
        #expect(diagnostic.message.hasPrefix("could not read `.condarc`: "))
    }

    @Test("a spec's channel is one of them, under its address")
    func specs() throws {
        let layer = try condaLayer(
            """
            channels: [conda-forge, nodefaults]
            dependencies: [bioconda::samtools, 'conda-forge/noarch::tzdata', 'https://me:pw@e.org/c::x', 'defaults::y']
            """)
        #expect(layer.channels == [forge, "https://conda.anaconda.org/bioconda", "https://e.org/c", anaconda[0]])
        #expect(
            layer.specs == [
                "https://conda.anaconda.org/bioconda::samtools", "\(forge)/noarch::tzdata", "https://e.org/c::x",
                "\(anaconda[0])::y",
            ])
    }

    @Test("the places are conda's, the one that counts most last")
    func order() {
        let places = CondaSettings.Places(home: "/h", configuration: "/x", condarc: "/c", root: "/r")
        #expect(
            places.files.map(\.description) == [
                "/r/.condarc", "/r/condarc", "/x/conda/.condarc", "/x/conda/condarc", "/h/.config/conda/.condarc",
                "/h/.config/conda/condarc",
                "/h/.conda/.condarc", "/h/.conda/condarc", "/h/.condarc", "/c",
            ])
        #expect(CondaSettings.Places(home: "/h", condarc: "relative").files.last == "/h/.condarc")
        #expect(
            CondaSettings.Places(home: "/h", condarc: "/h/.condarc").files.filter { $0 == "/h/.condarc" }.count == 1)
    }
}

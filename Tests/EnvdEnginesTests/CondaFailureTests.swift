import EnvdCore
import EnvdEngines
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("What a conda layer fails with is told", .serialized)
struct CondaFailureTests {
    @Test("specs that do not fit together: the solver's own explanation")
    func unsatisfiable() async throws {
        let workshop = try await CondaWorkshop()
        let failure = try await workshop.failure(["wants-one", "wants-two"])
        #expect(failure.message == "could not resolve `environment.yml`: the specs do not fit together")
        let hint = try #require(failure.hint)
        #expect(hint.hasPrefix("the solver says:\n") && hint.contains("libdemo 1.0, which conflicts with"))
        #expect(failure.location?.line == 6)
    }

    @Test("a package that no channel has, with its line")
    func missing() async throws {
        let workshop = try await CondaWorkshop()
        let failure = try await workshop.failure(["six", "nope"])
        #expect(failure.message == "could not resolve `environment.yml`: no channel has `nope`")
        #expect(failure.location?.line == 6)
        let version = try await workshop.failure(["six ==99"])
        #expect(version.message.contains("six ==99"))
        let below = try await workshop.failure(["wants-nothing-known"])
        #expect(below.hint?.contains("no-such-thing") == true)
    }

    @Test("a channel that never answers is given up, and named")
    func stalled() async throws {
        let workshop = try await CondaWorkshop()
        let listener = try SilentPort()
        let address = "http://127.0.0.1:\(listener.number)"
        var settings = CondaOptions()
        settings.patience = .seconds(2)
        let layer = try workshop.layer(["six"], channels: ["main"], at: address)
        let failure = try await workshop.workshop.failure { [settings] in
            _ = try await workshop.solve(layer, settings: settings)
        }
        let words = "could not resolve `environment.yml`: from `\(address)/main` nothing came for 2 seconds"
        #expect(failure.message == words)
        #expect(failure.hint?.contains("envd build") == true)
        withExtendedLifetime(listener) {}
    }

    @Test("without a network what the channels said before does")
    func unreachable() async throws {
        let workshop = try await CondaWorkshop()
        let layer: CondaLayer
        do {
            let server = try await ChannelServer(workshop.channels)
            layer = try workshop.layer(["moving", "libdemo"], channels: ["main"], at: server.address)
            let resolution = try await workshop.solve(layer)
            try await workshop.install(resolution, layer)
        }
        var smaller = layer
        smaller.specs = ["moving"]
        let resolution = try await workshop.solve(smaller)
        #expect(resolution.packages.keys.sorted() == ["moving"])
        try await workshop.install(resolution, smaller, as: 2)
        #expect(try workshop.read("share/moving", of: 2) == "1.1\n")
    }

    @Test("a package that a spec names by its address is installed")
    func address() async throws {
        let workshop = try await CondaWorkshop()
        try await workshop.build(["file://\(workshop.channels)/main/linux-64/moving-1.0-0.conda"])
        #expect(try workshop.read("share/moving") == "1\n")
    }

    @Test("a spec that is none")
    func spec() async throws {
        let workshop = try await CondaWorkshop()
        let failure = try await workshop.failure(["six", "demo-tool >"])
        #expect(failure.message.hasPrefix("could not resolve `environment.yml`: `demo-tool >` is no spec"))
        #expect(failure.location?.line == 6)
    }

    @Test("a channel that does not exist, on this machine and on a server")
    func channel() async throws {
        let workshop = try await CondaWorkshop()
        let server = try await ChannelServer(workshop.channels)
        for base in ["file://\(workshop.channels)", server.address] {
            let layer = try workshop.layer(["six"], channels: ["main", "nowhere"], at: base)
            let failure = try await workshop.workshop.failure { _ = try await workshop.solve(layer) }
            #expect(failure.message == "could not read `\(base)/nowhere`: there is no such channel")
            #expect(failure.location?.line == 3)
        }
    }

    @Test("a server that does not answer is the network's fault, and says so")
    func network() async throws {
        let workshop = try await CondaWorkshop()
        let failure = try await workshop.failure(["six"], at: "http://127.0.0.1:9")
        #expect(failure.message.hasPrefix("could not reach `http://127.0.0.1:9/"))
        #expect(failure.message.lowercased().contains("connection refused"))
        #expect(failure.hint?.contains("network or proxy") == true)
        #expect(failure.needsNetwork == true)
    }

    @Test("offline, what the cache lacks is named")
    func offline() async throws {
        let workshop = try await CondaWorkshop()
        let server = try await ChannelServer(workshop.channels)
        let offline = CondaOptions(isOffline: true)
        let unknown = try await workshop.failure(["layered"], settings: offline, at: server.address)
        #expect(unknown.message.contains("the cache does not have `\(server.address)/"))
        let layer = try workshop.layer(["layered"], at: server.address)
        let resolution = try await workshop.solve(layer)
        let failure = try await workshop.workshop.failure {
            try await workshop.install(resolution, layer, settings: offline)
        }
        #expect(
            failure.message
                == "could not install `layered 1.0`: it is not in the cache, and the network may not be used")
    }

    @Test(
        "an archive that is broken, gone or another one, over file and over http",
        arguments: [
            ("truncated", "could not unpack `truncated 1.0`: the archive is broken: "),
            ("wrong-hash", "could not install `wrong-hash 1.0`: the archive has another hash than "),
        ])
    func archive(_ name: String, _ message: String) async throws {
        let workshop = try await CondaWorkshop()
        let server = try await ChannelServer(workshop.channels)
        for base in ["file://\(workshop.channels)", server.address] {
            let failure = try await workshop.failure([name], at: base)
            #expect(failure.message.hasPrefix(message))
            #expect(failure.location?.line == 5)
            #expect(!FileSystem.exists(workshop.packages / "\(name)-1.0-0"), "it stays in no cache")
            try FileSystem.remove(workshop.workshop.generation(1))
        }
    }

    @Test("an archive that a lock file names and nobody has")
    func gone() async throws {
        let workshop = try await CondaWorkshop()
        let server = try await ChannelServer(workshop.channels)
        for base in ["file://\(workshop.channels)", server.address] {
            let layer = CondaLayer(
                format: .explicit, manifest: "explicit.txt",
                packages: [.init(url: "\(base)/main/\(VirtualPackages.platform)/libdemo-7.0-0.conda")])
            let resolution = try await workshop.solve(layer)
            let failure = try await workshop.workshop.failure { try await workshop.install(resolution, layer) }
            #expect(failure.message.hasPrefix("could not fetch `libdemo 7.0`: there is no `\(base)/main/"))
        }
    }

    @Test("a lock file's wrong hash")
    func lockedHash() async throws {
        let workshop = try await CondaWorkshop()
        let url = "file://\(workshop.channels)/main/\(VirtualPackages.platform)/libdemo-2.0-0.conda"
        let other = String(repeating: "0", count: 64)
        try await workshop.build(["libdemo"])
        for package in [
            CondaLayer.LockedPackage(url: url, sha256: other), .init(url: url, md5: String(other.prefix(32))),
        ] {
            let layer = CondaLayer(format: .explicit, manifest: "explicit.txt", packages: [package])
            let resolution = try await workshop.solve(layer)
            let failure = try await workshop.workshop.failure { try await workshop.install(resolution, layer, as: 2) }
            #expect(failure.message.hasPrefix("could not install `libdemo 2.0`: the archive has another hash"))
        }
    }

    @Test(
        "a package whose files lead out of the prefix is refused before anything is linked",
        arguments: ["climbs-out", "absolute", "through-link", "bad-entry"])
    func escape(_ name: String) async throws {
        let workshop = try await CondaWorkshop()
        let failure = try await workshop.failure(["layered", name])
        #expect(failure.message.hasPrefix("could not install `\(name) 1.0`: `"))
        #expect(failure.message.hasSuffix("` leads out of the environment"))
        #expect(!FileSystem.exists(workshop.workshop.generation(1) / "conda-meta"))
        #expect(!FileSystem.exists(workshop.packages / "\(name)-1.0-0"))
    }

    @Test("a link of one package is no way out for the files of another")
    func detour() async throws {
        let workshop = try await CondaWorkshop()
        try await workshop.build(["links-out"])
        let failure = try await workshop.failure(["links-out", "goes-through"])
        #expect(
            failure.message
                == "could not install `goes-through 1.0`: `share/way/climbed-out` leads out of the environment")
    }

    @Test("an archive that climbs out while it is unpacked writes nothing there")
    func climbingArchive() async throws {
        let workshop = try await CondaWorkshop()
        _ = try? await workshop.build(["climbing-archive"])
        _ = try? await workshop.build(["linking-archive"], as: 2)
        let found = try await workshop.workshop.run(
            "/usr/bin/find", [workshop.workshop.directory.path.bytes, "-name", "climbed-out"], [:])
        #expect(found.isEmpty)
    }

    @Test("no space left: said so")
    func space() {
        for text in ["an io error occurred: No space left on device (os error 28)", "x"] {
            let failure = RattlerFailure(kind: "space", message: text, package: "big 1.0")
            let told = failure.diagnostic("install", "environment.yml", manifest: "/p/environment.yml")
            #expect(told.message == "could not install `environment.yml`: no space is left on the device")
        }
    }

    @Test("an explanation is cut where it is too long, and no password is in it")
    func long() throws {
        let lines = (1...40).map { "├─ a\($0) from https://me:secret@host/t/tk-1/c cannot be installed" }
        let message = "Cannot solve the request because of: \(lines.joined(separator: "\n"))"
        let told = RattlerFailure(kind: "unsatisfiable", message: message).diagnostic(
            "resolve", "environment.yml", manifest: nil)
        let hint = try #require(told.hint)
        #expect(hint.hasSuffix("\n… and 16 lines more"))
        #expect(!hint.contains("secret") && !hint.contains("tk-1") && hint.contains("https://***@host/t/***/c"))
    }
}

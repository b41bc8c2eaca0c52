import EnvdCore
import EnvdEngines
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("rattler installs a conda layer", .serialized)
struct CondaInstallTests {
    @Test("a real Python, entry points, C libraries and placeholders work in the prefix, step by step")
    func whole() async throws {
        let workshop = try await CondaWorkshop()
        let installation = try await workshop.build(["demo-tool", "demo-program", "six", "old-format"])
        let prefix = workshop.workshop.generation(1)
        #expect(try await workshop.run("bin/demo-tool") == "the tool runs\n")
        #expect(try await workshop.run("bin/demo-program") == "2 \(prefix)/share\n")
        #expect(try workshop.read("etc/demo.conf") == "root = \(prefix)\n")
        #expect(try workshop.read("share/old-format") == "bz2\n")
        #expect(try workshop.read("etc/conda/activate.d/demo.sh") == "export DEMO_ACTIVE=1\n")
        let said = try await workshop.workshop.python(prefix, "import six, sys; print(six.__version__, sys.prefix)")
        #expect(said == "1.15.0 \(prefix)\n")
        #expect(try workshop.read("conda-meta/six-1.15.0-pyh_0.json").contains("\"requested_spec"))
        #expect(installation.fetched == 6 && installation.linkScripts.isEmpty && installation.clobbered.isEmpty)
        let fetched = workshop.progress.filter { $0.phase == .fetch }
        #expect(fetched.map(\.done).sorted() == Array(1...6) && fetched.allSatisfy { $0.total == 6 })
        #expect(fetched.contains { $0.package == "six 1.15.0" })
        #expect(workshop.progress.count { $0.phase == .begin } == 6)
        let sizes = fetched.compactMap(\.doneBytes).sorted()
        #expect(sizes.count == 6 && sizes.last == fetched.first?.totalBytes && sizes.first != sizes.last)
        #expect(workshop.progress.count { $0.phase == .link } == 6)
        #expect(workshop.workshop.said.contains { $0.hasPrefix("fetched six 1.15.0 (") })
    }

    @Test("a half-made prefix shows, and so does what somebody else installed there")
    func verified() async throws {
        let workshop = try await CondaWorkshop()
        let installation = try await workshop.build(["demo-program", "layered"])
        let prefix = CondaPrefix(workshop.workshop.generation(1))
        try prefix.verify(installation.resolution)
        #expect(prefix.drift(from: installation.resolution).isEmpty)
        let metadata = prefix.path / "conda-meta"
        try FileSystem.rename(metadata / "layered-1.0-0.json", to: metadata / "layered-2.0-0.json")
        let failure = try await workshop.workshop.failure { try prefix.verify(installation.resolution) }
        #expect(failure.message == "could not verify `\(prefix.path)`: `layered 1.0` was resolved but is not there")
        #expect(prefix.drift(from: installation.resolution) == ["layered-1.0-0.json", "layered-2.0-0.json"])
    }

    @Test("a second generation fetches nothing and shares its files with the cache")
    func second() async throws {
        let workshop = try await CondaWorkshop()
        let layer = try workshop.layer(["six", "demo-program"])
        let resolution = try await workshop.solve(layer)
        let clock = ContinuousClock()
        let first = try await clock.measure { try await workshop.install(resolution, layer, as: 1) }
        let installed = try await workshop.usage(1)
        var again: CondaInstallation?
        let second = try await clock.measure {
            again = try await workshop.install(resolution, layer, as: 2, settings: CondaOptions(isOffline: true))
        }
        #expect(again?.fetched == 0)
        #expect(again?.resolution == resolution)
        let added = try await workshop.usage(2) - installed
        // What has no placeholder is one file, whatever the number of generations.
        let file = "lib/libdemo.so"
        let inodes = try [1, 2].map { try FileSystem.status(workshop.workshop.generation($0).appending(file))?.inode }
        #expect(inodes[0] != nil && inodes[0] == inodes[1])
        #expect(added < 2048 && added * 8 < installed, "\(added) KiB more after \(installed) KiB")
        print("conda generations: first \(first), second \(second); disk \(installed) KiB, then \(added) KiB more")
    }

    @Test("a lock file's packages are installed exactly, with what the packages say of themselves")
    func locked() async throws {
        let workshop = try await CondaWorkshop()
        let solved = try await workshop.solve(workshop.layer(["demo-program", "old-format"]))
        let layer = CondaLayer(
            format: .condaLock, manifest: "conda-lock.yml",
            packages: solved.records.map { .init(url: $0.url, sha256: $0.sha256, md5: $0.md5) })
        let resolution = try await workshop.solve(layer)
        let installation = try await workshop.install(resolution, layer)
        #expect(try await workshop.run("bin/demo-program").hasPrefix("2 "))
        let program = try #require(installation.resolution.records.first { $0.name == "demo-program" })
        #expect(program.details?["depends"] == .list([.text("libdemo >=2")]))
        #expect(program.sha256 == solved.records.first { $0.name == "demo-program" }?.sha256)
        #expect(try workshop.read("conda-meta/demo-program-1.0-0.json").contains("libdemo >=2"))
    }

    @Test("a post-link script is named and not run, unless the setting says so")
    func scripts() async throws {
        let workshop = try await CondaWorkshop()
        let plain = try await workshop.build(["post-link"])
        #expect(plain.linkScripts == ["post-link"] && !plain.ranLinkScripts)
        #expect(!FileSystem.exists(workshop.workshop.generation(1) / "it-ran"))
        #expect(workshop.workshop.said.contains("post-link scripts that were not run: post-link"))
        let run = try await workshop.build(["post-link"], as: 2, settings: CondaOptions(runsLinkScripts: true))
        #expect(run.linkScripts == ["post-link"] && run.ranLinkScripts)
        #expect(FileSystem.exists(workshop.workshop.generation(2) / "it-ran"))
    }

    @Test("a file of two packages is reported")
    func clobbered() async throws {
        let workshop = try await CondaWorkshop()
        let installation = try await workshop.build(["clash-a", "clash-b"])
        #expect(installation.clobbered == ["clash-b/share/clash.txt"])
    }

    @Test("what killed installations left in the cache goes after a day")
    func leftovers() async throws {
        let workshop = try await CondaWorkshop()
        for name in [".old-abcd", ".new-abcd"] {
            try FileSystem.makeDirectories(workshop.packages / name / "content")
        }
        try await workshop.workshop.run(
            "/usr/bin/touch", ["-d", "2 days ago", (workshop.packages / ".old-abcd").bytes], [:])
        try await workshop.build(["layered"])
        #expect(!FileSystem.exists(workshop.packages / ".old-abcd"))
        #expect(FileSystem.exists(workshop.packages / ".new-abcd"))
    }

    @Test("a cache that somebody took files out of is mended")
    func damaged() async throws {
        let workshop = try await CondaWorkshop()
        try await workshop.build(["layered", "moving"])
        try FileSystem.remove(workshop.packages / "layered-1.0-0/share/layered")
        try FileSystem.remove(workshop.packages / "moving-1.1-0")
        let again = try await workshop.build(["layered", "moving"], as: 2)
        #expect(try workshop.read("share/layered", of: 2) == "1\n")
        #expect(try workshop.read("share/moving", of: 2) == "1.1\n")
        #expect(again.fetched > 0)
    }

    @Test("projects that need the same packages at once download them once, over http too")
    func atOnce() async throws {
        let workshop = try await CondaWorkshop()
        let server = try await ChannelServer(workshop.channels)
        let layer = try workshop.layer(["demo-program", "big", "six"], at: server.address)
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 1...3 {
                let context = try workshop.context()
                group.addTask {
                    let resolution = try await workshop.solve(layer, context)
                    return try await workshop.install(resolution, layer, as: number, context).fetched
                }
            }
            let fetched = try await group.reduce(into: []) { $0.append($1) }
            #expect(fetched.reduce(0, +) == 5)
        }
        let archives = server.requests.filter { $0.hasSuffix(".conda") }
        #expect(archives.count == 5 && Set(archives).count == 5, "\(archives)")
        for number in 1...3 { #expect(try await workshop.run("bin/demo-program", of: number).hasPrefix("2 ")) }
        // All of it is there without the server.
        let offline = CondaOptions(isOffline: true)
        let resolution = try await workshop.solve(layer, settings: offline)
        #expect(try await workshop.install(resolution, layer, as: 4, settings: offline).fetched == 0)
    }

    @Test("a cancelled installation ends, and the next one is whole")
    func cancelled() async throws {
        let workshop = try await CondaWorkshop()
        let layer = try workshop.layer(["six"])
        let resolution = try await workshop.solve(layer)
        let context = try workshop.context()
        let (steps, step) = AsyncStream.makeStream(of: CondaProgress.self)
        try FileSystem.makeDirectories(workshop.workshop.generation(1).parent)
        let task = Task<Diagnostic?, Never> {
            do throws(Diagnostic) {
                _ = try await workshop.rattler.install(
                    resolution, layer: layer, root: workshop.workshop.root, settings: CondaOptions(),
                    into: workshop.workshop.generation(1), context: context, progress: { step.yield($0) })
                return nil
            } catch {
                return error
            }
        }
        var iterator = steps.makeAsyncIterator()
        _ = await iterator.next()
        task.cancel()
        let failure = try #require(await task.value)
        #expect(failure.isCancellation && failure.message.hasPrefix("could not install `environment.yml`: "))
        try await workshop.install(resolution, layer, as: 2)
        #expect(try await workshop.run("bin/python", ["-c", "import six"], of: 2).isEmpty)
    }
}

extension CondaWorkshop {
    /// Disk that the first generations and the cache take together, each inode once; in KiB.
    func usage(_ generations: Int) async throws -> Int {
        let places = [cache] + (1...generations).map { workshop.generation($0) }
        let text = try await workshop.run("/usr/bin/du", ["-sck"] + places.map(\.bytes), [:])
        let total = text.split(separator: "\n").last?.split(separator: "\t").first.flatMap { Int($0) }
        return try #require(total)
    }
}

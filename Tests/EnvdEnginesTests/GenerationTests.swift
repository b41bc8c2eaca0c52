import EnvdCore
import EnvdEngines
import EnvdPackaging
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("The second generation")
struct GenerationTests {
    @Test("has no seed that cannot run: a wheel without its `packaging` is taken away whole")
    func seeds() async throws {
        let workshop = try await Workshop()
        try workshop.write("requirements.txt", "idna\n")
        let layer = PythonLayer.requirements(["idna"])
        let prefix = try await workshop.install(try await workshop.resolve(layer), layer, as: 1)
        let names = Set(SitePackages.distributions(in: prefix).keys)
        #expect(names.isSuperset(of: ["idna", "pip"]))
        #expect(!names.contains("wheel") || names.contains("packaging"))
        if !names.contains("wheel") {
            let site = try #require(SitePackages.directory(of: prefix))
            #expect(try !FileSystem.list(site).contains { $0.bytes.starts(with: "wheel".utf8) })
            #expect(!FileSystem.exists(prefix / "bin/wheel"))
        }
        #expect(try await workshop.python(prefix, "import pip, idna; print('ok')") == "ok\n")
    }

    @Test("needs no network, shares the files of the first and gets its bytecode by hard links")
    func second() async throws {
        let workshop = try await Workshop()
        try workshop.write("requirements.txt", "packaging\nidna\n")
        let layer = PythonLayer.requirements(["idna", "packaging"])
        // A cache of its own: two cold installations at once would each unpack their own files.
        let cache = workshop.directory.path / "cache"
        let online = try workshop.context(cache: cache)
        let resolution = try await workshop.resolve(layer, online)
        let first = try await workshop.install(resolution, layer, as: 1, online)
        _ = try await workshop.python(
            first, "import compileall, sys; compileall.compile_dir(sys.prefix + '/lib', quiet=2)")
        let smaller = PythonLayer.requirements(["packaging"])
        let kept = RequirementsText(resolution.hashed).resolution(
            relativeTo: "/", environment: MarkerEnvironment(interpreter: workshop.interpreter))
        let second = try await workshop.install(kept, smaller, as: 2, try workshop.withoutNetwork(cache: cache))
        let before = try files(of: try #require(SitePackages.directory(of: second)))
        let clock = ContinuousClock()
        var linked = 0
        let linking = clock.measure { linked = BytecodeLinker.link(from: first, into: second) }
        let site = try #require(SitePackages.directory(of: second))
        let older = try #require(SitePackages.directory(of: first))
        let sources = try files(of: site).filter { $0.description.hasSuffix(".py") }
        let compiled = try files(of: site).filter { $0.description.hasSuffix(".pyc") && !before.contains($0) }
        #expect(linked * 10 > sources.count * 9)
        #expect(linked == compiled.count)
        for file in compiled {
            let name = try #require(file.relative(to: site))
            #expect(try FileSystem.status(file)?.inode == FileSystem.status(older.appending(name))?.inode)
        }
        print(
            "bytecode: \(linked) of \(sources.count) sources linked in \(linking),",
            "\(linking / max(1, linked)) a file")
        // Nothing is left to compile.
        let version = try await workshop.python(
            second, "import packaging.version as v; print(v.__cached__); print(v.__spec__.cached == v.__cached__)")
        #expect(version.contains("True"))
    }

    @Test("bytecode of another source, or a header that does not fit it, is not linked")
    func strangers() throws {
        let directory = try TemporaryDirectory()
        let site = "lib/python3.11/site-packages"
        for prefix in ["old", "new"] { try directory.write("\(prefix)/\(site)/p/own.py", "x = 1\n") }
        let shared = try directory.write("old/\(site)/p/shared.py", "y = 2\n")
        try FileSystem.hardLink(shared, as: directory.path / "new/\(site)/p/shared.py")
        let status = try #require(try FileSystem.status(shared))
        func header(_ flags: UInt32, _ modified: Int64, _ size: Int64) -> String {
            let words = [0x0A0D_0DA7, flags, UInt32(truncatingIfNeeded: modified / 1_000_000_000), UInt32(size)]
            return String(
                words.flatMap { word in (0..<4).map { Character(Unicode.Scalar(UInt8(word >> ($0 * 8) & 0xFF))) } })
        }
        func write(_ name: String, _ text: String) throws {
            let path = directory.path / "old/\(site)/p/__pycache__/\(name).cpython-311.pyc"
            try FileSystem.makeDirectories(path.parent)
            try FileSystem.replace(path, with: text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) })
        }
        let (old, new) = (directory.path / "old", directory.path / "new")
        try write("own", header(0, status.modified, status.size))
        try write("shared", header(0, status.modified - 5_000_000_000, status.size))
        #expect(BytecodeLinker.link(from: old, into: new) == 0)
        try write("shared", header(0, status.modified, status.size + 1))
        #expect(BytecodeLinker.link(from: old, into: new) == 0)
        try write("shared", header(1, status.modified, status.size))
        #expect(BytecodeLinker.link(from: old, into: new) == 0)
        try write("shared", header(0, status.modified, status.size))
        #expect(BytecodeLinker.link(from: old, into: new) == 1)
        #expect(BytecodeLinker.link(from: old, into: new) == 0)
    }

    @Test("a damaged prefix is told by its verification and its health")
    func damage() async throws {
        let workshop = try await Workshop()
        try workshop.write("requirements.txt", "six\n")
        let layer = PythonLayer.requirements(["six"])
        let resolution = try await workshop.resolve(layer)
        let prefix = try await workshop.install(resolution, layer, as: 1)
        let site = try #require(SitePackages.directory(of: prefix))
        let context = try workshop.context()
        for name in try FileSystem.list(site) where name.description.hasPrefix("six-") {
            try FileSystem.remove(site.appending(Path(name)))
        }
        let gone = try await workshop.failure {
            try await PrefixVerification.verify(
                prefix, resolution: resolution, interpreter: workshop.interpreter, context: context)
        }
        #expect(gone.message == "could not verify `\(prefix)`: `six` was resolved but is not there")
        var changed = workshop.interpreter
        changed.inode += 1
        #expect(!PrefixHealth.isIntact(prefix: prefix, interpreter: changed))
        try FileSystem.remove(prefix / "bin/python")
        #expect(!PrefixHealth.isIntact(prefix: prefix, interpreter: workshop.interpreter))
    }

    private func files(of directory: Path) throws -> [Path] {
        try FileSystem.entries(directory).flatMap { entry in
            let path = directory.appending(Path(entry.name))
            return entry.isDirectory ? try files(of: path) : [path]
        }
    }
}

import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Glibc
import Testing

@testable import EnvdEngines

@Suite("Files of packages that somebody changed")
struct PackageDamageTests {
    @Test("a shared file that was edited is found, and the next environment gets the package's own")
    func healed() async throws {
        let workshop = try await Workshop()
        try workshop.write("requirements.txt", "six==1.16.0\nidna==3.4\n")
        let layer = PythonLayer.requirements(["six==1.16.0", "idna==3.4"])
        let resolution = try await workshop.resolve(layer)
        // Others' environments are linked from the cache that the tests share.
        let cache = workshop.directory.path / "cache"
        let first = try await workshop.install(resolution, layer, as: 1, workshop.context(cache: cache))
        #expect(PackageDamage.find(in: first, thoroughly: true).isEmpty)
        let file = try #require(SitePackages.directory(of: first)) / "six.py"
        #expect(try #require(try FileSystem.status(file)).links > 1, "uv did not link it: nothing is tried here")
        try editInPlace(file)
        let edited = PackageDamage(distribution: "six", file: "six.py", kind: .edited)
        #expect(PackageDamage.find(in: first) == [edited])
        #expect(edited.description == "six: six.py was changed after the package was unpacked")

        let second = try await workshop.install(resolution, layer, as: 2, workshop.context(cache: cache))
        #expect(PackageDamage.find(in: second, thoroughly: true).isEmpty)
        #expect(try await workshop.python(second, "import six; print(six.__version__)") == "1.16.0\n")
    }

    @Test("what is gone, and what is shorter than it was, is found; an edit that hides its time only when all is read")
    func kinds() async throws {
        let workshop = try await Workshop()
        let layer = PythonLayer.requirements(["idna==3.4"])
        try workshop.write("requirements.txt", "idna==3.4\n")
        let prefix = try await workshop.install(try await workshop.resolve(layer), layer, as: 1)
        let package = try #require(SitePackages.directory(of: prefix)) / "idna"
        try FileSystem.remove(package / "codec.py")
        // Files of their own, so that nothing is changed in the cache.
        let core = try FileSystem.read(package / "core.py")
        try FileSystem.replace(package / "core.py", with: Array(core.dropLast()), mode: 0o644)
        let intervals = try FileSystem.read(package / "intranges.py")
        try FileSystem.replace(package / "intranges.py", with: [UInt8(ascii: "#")] + intervals.dropFirst(), mode: 0o644)
        var old = [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: 1, tv_nsec: 0)]
        for name in ["core.py", "intranges.py"] { utimensat(AT_FDCWD, (package / name).description, &old, 0) }
        #expect(
            PackageDamage.find(in: prefix) == [
                .init(distribution: "idna", file: "idna/codec.py", kind: .missing),
                .init(distribution: "idna", file: "idna/core.py", kind: .different),
            ])
        #expect(PackageDamage.find(in: prefix, thoroughly: true).map(\.file).contains("idna/intranges.py"))
    }

    @Test(
        "a line of RECORD",
        arguments: [
            ("a/b.py,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0", "/s/a/b.py", 0 as Int64?, true),
            ("../../../bin/x,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,295\r", "/../bin/x", 295, true),
            ("\"a, \"\"b\"\".py\",,", "/s/a, \"b\".py", nil, false),
            ("x.dist-info/RECORD,,", "/s/x.dist-info/RECORD", nil, false),
            ("a,md5=00,1", "/s/a", 1, false),
            ("a,sha256=!,1", "/s/a", 1, false),
        ])
    func line(line: String, file: String, size: Int64?, hasDigest: Bool) throws {
        let entry = try #require(DistributionRecord.entry(line, below: file.hasPrefix("/..") ? "/x/y/z" : "/s"))
        #expect(entry.file == (file.hasPrefix("/..") ? "/bin/x" : Path(file)))
        #expect(entry.size == size)
        #expect(
            entry.digest
                == (hasDigest ? "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" : nil))
        #expect(DistributionRecord.entry("", below: "/s") == nil)
    }
}

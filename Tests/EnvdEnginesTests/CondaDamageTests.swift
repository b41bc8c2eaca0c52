import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Glibc
import Testing

@testable import EnvdEngines

@Suite("Files of conda packages that somebody changed", .serialized)
struct CondaDamageTests {
    @Test("an edit in an environment, and with it in the cache, is found, and the next one gets the package's own")
    func healed() async throws {
        let workshop = try await CondaWorkshop()
        let layer = try workshop.layer(["moving 1.0", "demo-program"])
        let resolution = try await workshop.solve(layer)
        try await workshop.install(resolution, layer)
        let prefix = workshop.workshop.generation(1)
        #expect(PackageDamage.find(in: prefix, thoroughly: true).isEmpty)
        let file = prefix / "share/moving"
        #expect(try #require(try FileSystem.status(file)).links > 1, "rattler did not link it: nothing is tried here")
        try editInPlace(file)
        let edited = PackageDamage(distribution: "moving", file: "share/moving", kind: .edited)
        #expect(PackageDamage.find(in: prefix) == [edited])

        let again = try await workshop.install(resolution, layer, as: 2)
        #expect(again.fetched == 1)
        #expect(try workshop.read("share/moving", of: 2) == "1\n")
        #expect(PackageDamage.find(in: workshop.workshop.generation(2), thoroughly: true).isEmpty)
    }

    @Test("what is gone is found, and an edit that hides its time when all is read")
    func kinds() async throws {
        let workshop = try await CondaWorkshop()
        try await workshop.build(["moving 1.0", "demo-program"])
        let prefix = workshop.workshop.generation(1)
        try FileSystem.remove(prefix / "bin/demo-program")
        try FileSystem.replace(prefix / "share/moving", with: Array("!\n".utf8), mode: 0o644)
        var old = [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: 1, tv_nsec: 0)]
        utimensat(AT_FDCWD, (prefix / "share/moving").description, &old, 0)
        let gone = PackageDamage(distribution: "demo-program", file: "bin/demo-program", kind: .missing)
        #expect(PackageDamage.find(in: prefix) == [gone])
        let hidden = PackageDamage(distribution: "moving", file: "share/moving", kind: .different)
        #expect(PackageDamage.find(in: prefix, thoroughly: true) == [gone, hidden])
        #expect(PackageDamage.find(in: prefix, but: [gone]).isEmpty)
    }
}

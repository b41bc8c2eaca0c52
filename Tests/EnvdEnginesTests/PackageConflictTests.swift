import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Testing

@testable import EnvdEngines

@Suite("Packages that do not go together")
struct PackageConflictTests {
    @Test(
        "what is missing or of another version is told, by each one's metadata; markers, extras and addresses are heeded"
    )
    func python() throws {
        let directory = try TemporaryDirectory()
        let site = directory.path / "lib/python3.12/site-packages"
        func install(_ name: String, _ version: String, needs: [String]) throws {
            let place = site / "\(name)-\(version).dist-info"
            try FileSystem.makeDirectories(place)
            let lines = ["Metadata-Version: 2.1", "Name: \(name)"] + needs.map { "Requires-Dist: \($0)" }
            // The description may hold anything.
            let text = (lines + ["", "Requires-Dist: nothing-of-this"]).joined(separator: "\n")
            try FileSystem.replace(place / "METADATA", with: Array(text.utf8))
        }
        try install(
            "Asks_Much", "1.0",
            needs: [
                "low<2,>=1", "low>=3", "gone ; python_version >= '3.8'", "old-only; python_version < '3'",
                "tests; extra == 'test'", "somewhere @ https://localhost/x.whl", "ünreadable ===",
            ])
        try install("low", "1.5rc1", needs: ["ASKS.much"])
        let interpreter = Interpreter(path: "/usr/bin/python3", version: "3.12.1", device: 1, inode: 1)
        #expect(
            PackageConflict.find(in: directory.path, interpreter: interpreter).map(\.description) == [
                "asks-much 1.0 needs low>=3, and low 1.5rc1 is there", "asks-much 1.0 needs gone, and there is no gone",
            ])
        #expect(PackageConflict.find(in: directory.path / "lib", interpreter: interpreter).isEmpty)
    }

    @Test("a conda package whose need somebody took away is told by both names")
    func conda() throws {
        let directory = try TemporaryDirectory()
        try FileSystem.makeDirectories(directory.path / "conda-meta")
        for (name, needs) in [("python", ["libz >=1.2,<2", "__glibc >=2.17", "openssl"]), ("libz", [])] {
            let list = needs.map { "\"\($0)\"" }.joined(separator: ",")
            let text = "{\"name\": \"\(name)\", \"version\": \"1\", \"depends\": [\(list)]}"
            try FileSystem.replace(directory.path / "conda-meta/\(name)-1-0.json", with: Array(text.utf8))
        }
        #expect(
            CondaConflict.find(in: directory.path).map(\.description) == [
                "python 1 needs openssl, and conda has no openssl there"
            ])
    }
}

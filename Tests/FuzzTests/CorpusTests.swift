import EnvdCore
import EnvdSystem
import FuzzTargets
import Testing

/// What `make fuzz` found once, and examples of what each reader is for.
@Suite("Readers of what strangers write")
struct CorpusTests {
    private static let folder: Path =
        (ProcessEnvironment.path("ENVD_SOURCES").map { $0 / "Tests" } ?? Path(#filePath).parent.parent)
        / "Fixtures/fuzz"

    @Test("come back from every kept input", arguments: FuzzTarget.all.map(\.name))
    func kept(name: String) throws {
        let target = try #require(FuzzTarget.all.first { $0.name == name })
        let inputs = try FileSystem.list(Self.folder / name)
        #expect(!inputs.isEmpty, "an example is to lie in \(Self.folder / name)")
        for input in inputs { target.read(try FileSystem.read((Self.folder / name).appending(Path(input)))) }
        target.read([])
        target.read(Array(repeating: 0xff, count: target.limit))
    }

    @Test("there is a reader for every folder of inputs")
    func folders() throws {
        let names = Set(FuzzTarget.all.map(\.name))
        for folder in try FileSystem.list(Self.folder) { #expect(names.contains(folder.description)) }
    }
}

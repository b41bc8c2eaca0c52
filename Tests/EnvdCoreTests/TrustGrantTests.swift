import EnvdCore
import Foundation
import Testing

@Suite("What the user allowed")
struct TrustGrantTests {
    static let index = CodeSource(.index, "https://a.example/simple")
    static let script = CodeSource(.buildBackend, "setup.py", content: Fingerprint(hex: "1"))

    @Test("covers what it holds, by kind, text and content, and nothing else")
    func covers() {
        let grant = TrustGrant([Self.index, Self.script, Self.index])
        #expect(grant.sources == [Self.script, Self.index])
        #expect(grant.covers(Self.index))
        var other = Self.script
        other.content = Fingerprint(hex: "2")
        #expect(!grant.covers(other))
        #expect(!grant.covers(CodeSource(.findLinks, Self.index.text)))
        #expect(grant.missing(from: [NamedSource(Self.index), NamedSource(other)]).map(\.source) == [other])
    }

    @Test("keeps what was allowed when more is, so that a way back asks nothing")
    func grows() {
        var grant = TrustGrant([Self.index])
        grant.add([Self.script])
        #expect(grant.covers(Self.index))
        #expect(grant.covers(Self.script))
    }

    @Test("any source distribution covers each by its name, and only those; all of them can be taken back")
    func builds() {
        var grant = TrustGrant([CodeSource(.sourceDistribution, "pure")])
        #expect(grant.sourceBuilds == .named(["pure"]))
        #expect(!grant.sourceBuilds.allows("other"))
        grant.add([.anyBuild, Self.index])
        #expect(grant.sourceBuilds == .all)
        #expect(grant.covers(CodeSource(.sourceDistribution, "other")))
        #expect(!grant.covers(Self.script))
        grant.removeSourceDistributions()
        #expect(grant.sourceBuilds == .named([]))
        #expect(grant.sources == [Self.index])
    }

    @Test("inputs that came, went or changed are told where they were put down")
    func inputs() {
        func file(_ name: String, _ digest: String) -> InputFile {
            InputFile(path: Path("/p/\(name)"), content: Fingerprint(hex: digest))
        }
        var grant = TrustGrant()
        #expect(grant.changed([file("a", "1")]).isEmpty)
        grant.inputs = [file("a", "1"), file("b", "1"), file("c", "1")]
        #expect(grant.changed([file("c", "1"), file("b", "2"), file("d", "1")]) == ["/p/a", "/p/b", "/p/d"])
    }

    @Test("a project that an older version put down is read, without a grant")
    func olderRow() throws {
        let project = Project(
            id: ProjectID("0123"), root: "/p", identity: DirectoryIdentity(device: 1, inode: 2, owner: 3),
            trust: .allowed, grant: TrustGrant([Self.index], inputs: []), mode: .ask, worktreeOf: "/q")
        let data = try JSONEncoder().encode(project)
        #expect(try JSONDecoder().decode(Project.self, from: data) == project)
        var row = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        for key in ["grant", "mode", "worktreeOf"] { row[key] = nil }
        let old = try JSONDecoder().decode(Project.self, from: JSONSerialization.data(withJSONObject: row))
        #expect(old.grant == nil)
        #expect(old.mode == nil)
        #expect(old.trust == .allowed)
    }

    @Test("what may not be built any more ends the build that is under way, and is reported when it has ended")
    func withheld() {
        var machine = BuildStateMachine()
        let request = BuildRequest(key: Fingerprint(hex: "a"), reason: "test")
        let question = Diagnostic("could not build it", asks: [NamedSource(Self.index)])
        _ = machine.quietTimePassed()
        #expect(machine.readingEnded(.build(request)) == [.startBuild(request)])
        _ = machine.quietTimePassed()
        #expect(machine.readingEnded(.withheld(question)) == [.cancelBuild])
        #expect(machine.buildEnded() == [.report(question)])
        #expect(!machine.isBusy)
    }
}

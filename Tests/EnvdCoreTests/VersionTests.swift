import EnvdCore
import Testing

@Suite("Versions")
struct VersionTests {
    @Test("come in the order of Semantic Versioning, stages before what they lead to, numbers as numbers")
    func order() throws {
        let ordered = [
            "0.1.0-alpha", "0.1.0-alpha.1", "0.1.0-alpha.beta", "0.1.0-beta.2", "0.1.0-beta.11", "0.1.0-rc.1", "0.1.0",
            "0.1.1", "0.2.0", "0.10.0", "1.0.0",
        ]
        for (index, text) in ordered.enumerated() {
            for (other, later) in ordered.enumerated() {
                #expect(Version.isNewer(later, than: text) == (other > index), "\(text), \(later)")
            }
        }
        #expect(!Version.isNewer("1.0.0+b", than: "1.0.0+a"))
    }

    @Test("that make no sense replace nothing and are not replaced; a daemon that says none is older")
    func nonsense() {
        for text in ["", "1", "1.0", "1.0.x", "-1.0.0", "v1.0.0"] {
            #expect(!Version.isNewer(text, than: "0.0.1"), "\(text)")
            #expect(!Version.isNewer("1.0.0", than: text), "\(text)")
        }
        #expect(Version.isNewer(than: nil))
        #expect(Version(Version.text) != nil)
    }
}

import EnvdCore
import EnvdSystem
import Testing

@Suite("The table of claims")
struct ClaimTableTests {
    private var sources: Path { ClaimTable.sources }

    private func text(_ file: Path) throws -> String { String(decoding: try FileSystem.read(file), as: UTF8.self) }

    @Test("in shell/README.md is what the suite says; with ENVD_CLAIMS_PAGE, the page is written there anew")
    func table() throws {
        let page = try text(sources / "shell/README.md")
        let renewed = try #require(ClaimTable.renewed(page))
        if let file = ProcessEnvironment.path("ENVD_CLAIMS_PAGE") {
            try FileSystem.replace(file, with: Array(renewed.utf8), mode: 0o644)
        } else {
            // Line by line: a difference of whole pages says little.
            let lines = renewed.split(separator: "\n", omittingEmptySubsequences: false)
            let present = page.split(separator: "\n", omittingEmptySubsequences: false)
            for (line, other) in zip(lines, present) where line != other {
                Issue.record("`make claims` is due: \(other) should be \(line)")
                break
            }
            #expect(lines.count == present.count, "`make claims` is due")
        }
    }

    @Test("has at least sixty claims, each with a name of its own, and each tried in every shell where it applies")
    func whole() {
        #expect(Claim.all.count >= 60)
        #expect(Set(Claim.all.map(\.id)).count == Claim.all.count)
        for claim in Claim.all {
            #expect(claim.absences.count < 3, "\(claim.id)")
            let tried = ClaimTrial.all.filter { $0.claim.id == claim.id }
            #expect(Set(tried.map(\.options.shell)).count + claim.absences.count == 3, "\(claim.id)")
            #expect(tried.allSatisfy { claim.absences[$0.options.shell] == nil })
        }
    }

    @Test("names only tests that are there")
    func elsewhere() throws {
        for claim in ClaimElsewhere.all {
            #expect(!claim.tests.isEmpty)
            for test in claim.tests {
                let found = try text(sources / "Tests/\(test.suite).swift").contains(test.sentence)
                #expect(found, "\(test.suite): \(test.sentence)")
            }
        }
    }
}

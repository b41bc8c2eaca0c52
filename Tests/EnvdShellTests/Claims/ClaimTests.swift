import EnvdCore
import EnvdShell
import EnvdSystem
import Testing

/// One claim in one shell under one set of options.
struct ClaimTrial: Sendable, CustomTestStringConvertible {
    let claim: Claim
    let options: ShellOptions

    var testDescription: String { "\(claim.id) in \(options.shell) under \(options.name)" }

    static let all: [ClaimTrial] = Claim.all.flatMap { claim in
        ShellOptions.all.filter { claim.absences[$0.shell] == nil && claim.exemptions[$0.name] == nil }
            .map { ClaimTrial(claim: claim, options: $0) }
    }

    /// Those that a person wants alone: ENVD_CLAIMS holds their ids, with commas between.
    static let wanted: [ClaimTrial] = {
        guard let ids = ProcessEnvironment.value("ENVD_CLAIMS") else { return all }
        let names = Set(ids.description.split(separator: ",").map(String.init))
        return all.filter { names.contains($0.claim.id) }
    }()

    var fault: Claim.Fault? {
        claim.faults.first { $0.shell == options.shell && $0.options?.contains(options.name) != false }
    }
}

@Suite("What users may rely on")
struct ClaimTests {
    @Test("holds in each shell, under each set of options", arguments: ClaimTrial.wanted)
    func holds(trial: ClaimTrial) throws {
        if let fault = trial.fault {
            withKnownIssue(Comment(rawValue: fault.what)) { try trial.claim.body(Scene(trial.options)) }
        } else {
            try trial.claim.body(Scene(trial.options))
        }
    }
}

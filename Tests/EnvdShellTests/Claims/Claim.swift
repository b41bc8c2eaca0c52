import EnvdShell

/// One thing that users may rely on, tried in real shells.
struct Claim: Sendable {
    /// The parts of the page that the claims are made of.
    enum Section: String, CaseIterable, Sendable {
        case enterAndLeave = "Enter and leave"
        case quietAndCheap = "Quiet and cheap"
        case undo = "Undo"
        case shells = "Shells"
        case pythonAndConda = "Python and conda"
        case daemon = "Daemon"
        case trust = "Trust"
    }

    /// Something that does not hold, as far as is known.
    struct Fault: Sendable {
        let shell: Shell
        /// The names of the option sets where it shows; nil for all.
        let options: Set<String>?
        let what: String
    }

    /// Stable, for people to name it by.
    let id: String
    let section: Section
    /// For users: P is an allowed project with the environment E, U a directory outside.
    let sentence: String
    /// Where it means nothing, with the reason.
    private(set) var absences: [Shell: String] = [:]
    /// The names of option sets under which it is not tried, with the reason.
    private(set) var exemptions: [String: String] = [:]
    private(set) var faults: [Fault] = []
    let body: @Sendable (Scene) throws -> Void

    init(_ id: String, _ section: Section, _ sentence: String, _ body: @escaping @Sendable (Scene) throws -> Void) {
        self.id = id
        self.section = section
        self.sentence = sentence
        self.body = body
    }

    func notIn(_ shells: Shell..., because reason: String) -> Claim {
        var claim = self
        for shell in shells { claim.absences[shell] = reason }
        return claim
    }

    func notUnder(_ names: String..., because reason: String) -> Claim {
        var claim = self
        for name in names { claim.exemptions[name] = reason }
        return claim
    }

    func failing(in shell: Shell, under options: Set<String>? = nil, _ what: String) -> Claim {
        var claim = self
        claim.faults.append(Fault(shell: shell, options: options, what: what))
        return claim
    }
}

extension Claim {
    /// All that this suite tries, in the order of the table.
    static let all: [Claim] =
        [
            moving, leaving, nesting, starting, children, directoryNames, quiet, notices, lists, scalars, values,
            statuses, userHooks, options, loading, shellState, prompts, python, conda, condaScripts, generations, trust,
        ].flatMap { $0 }
}

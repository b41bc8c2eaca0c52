import EnvdCore
import Testing

@Suite("When manifests are read and builds start")
struct BuildStateMachineTests {
    private let one = BuildRequest(key: Fingerprint(hex: "1"), reason: "test")
    private let two = BuildRequest(key: Fingerprint(hex: "2"), reason: "test")

    /// A machine with build `one` under way.
    private func building() -> BuildStateMachine {
        var machine = BuildStateMachine()
        _ = machine.quietTimePassed()
        _ = machine.readingEnded(.build(one))
        return machine
    }

    @Test("an edit waits for quiet, then is read, then is built")
    func plainWay() {
        var machine = BuildStateMachine()
        #expect(machine.inputsChanged() == [.startTimer(.short)])
        #expect(machine.isBusy)
        #expect(machine.quietTimePassed() == [.read])
        #expect(machine.readingEnded(.build(one)) == [.startBuild(one)])
        #expect(machine.isBuilding)
        #expect(machine.buildEnded() == [])
        #expect(!machine.isBusy)
    }

    @Test("every further edit starts the quiet time again")
    func debounce() {
        var machine = BuildStateMachine()
        for _ in 0..<20 { #expect(machine.inputsChanged() == [.startTimer(.short)]) }
        #expect(machine.quietTimePassed() == [.read])
    }

    @Test("an edit while the files are read makes the reading void")
    func editDuringReading() {
        var machine = BuildStateMachine()
        _ = machine.quietTimePassed()
        #expect(machine.inputsChanged() == [])
        #expect(machine.readingEnded(.build(one)) == [.startTimer(.short)])
        #expect(!machine.isBuilding)
        #expect(machine.quietTimePassed() == [.read])
    }

    @Test("twenty edits during a build make one more build, of the last state")
    func twentyEdits() {
        var machine = building()
        for _ in 0..<20 { #expect(machine.inputsChanged() == [.startTimer(.long)]) }
        #expect(machine.quietTimePassed() == [.read])
        #expect(machine.readingEnded(.build(two)) == [.cancelBuild])
        #expect(machine.buildEnded() == [.startBuild(two)])
        #expect(machine.buildEnded() == [])
    }

    @Test("an edit that changes nothing lets the build go on")
    func sameKey() {
        var machine = building()
        _ = machine.quietTimePassed()
        #expect(machine.readingEnded(.build(one)) == [])
        #expect(machine.buildEnded() == [])
    }

    @Test("of several demands during a cancellation the last one counts")
    func lastDemand() {
        var machine = building()
        _ = machine.quietTimePassed()
        #expect(machine.readingEnded(.build(two)) == [.cancelBuild])
        _ = machine.quietTimePassed()
        #expect(machine.readingEnded(.switchTo(GenerationNumber(7))) == [])
        #expect(machine.buildEnded() == [.switchTo(GenerationNumber(7))])
    }

    @Test("a way back to the current spec cancels the build")
    func wayBack() {
        var machine = building()
        _ = machine.quietTimePassed()
        #expect(machine.readingEnded(.nothing) == [.cancelBuild])
        #expect(machine.buildEnded() == [.settled])
    }

    @Test("a manifest that is broken during a build is reported and the build goes on")
    func brokenDuringBuild() {
        var machine = building()
        let diagnostic = Diagnostic("broken")
        _ = machine.quietTimePassed()
        #expect(machine.readingEnded(.unreadable(diagnostic)) == [.report(diagnostic)])
        #expect(machine.isBuilding)
    }

    @Test("a forced build overtakes one of the same spec")
    func forced() {
        var machine = building()
        let again = BuildRequest(key: one.key, reason: "asked for", isForced: true)
        _ = machine.quietTimePassed()
        #expect(machine.readingEnded(.build(again)) == [.cancelBuild])
        #expect(machine.buildEnded() == [.startBuild(again)])
    }

    @Test("stopping cancels the build and forgets what was wanted")
    func stop() {
        var machine = building()
        _ = machine.quietTimePassed()
        #expect(machine.stop() == [.cancelBuild])
        #expect(machine.readingEnded(.build(two)) == [])
        #expect(machine.buildEnded() == [])
        #expect(!machine.isBusy)
    }
}

@Suite("What a reading of the manifests wants")
struct BuildPolicyTests {
    private func generation(_ number: Int, key: String, _ state: GenerationState) -> Generation {
        Generation(
            project: ProjectID("p"), number: GenerationNumber(number), state: state, key: Fingerprint(hex: key),
            prefix: "/g", delta: Delta(), engine: "uv 1",
            interpreter: Interpreter(path: "/usr/bin/python3", version: "3.11.2", device: 1, inode: 1))
    }

    private func policy(failed: String? = nil, inputsChanged: Bool = false) -> BuildPolicy {
        BuildPolicy(
            current: generation(3, key: "c", .current),
            candidates: [generation(1, key: "a", .retired), generation(2, key: "a", .retired)],
            failedKey: failed.map { Fingerprint(hex: $0) }, inputsChangedSinceFailure: inputsChanged)
    }

    @Test("the current spec wants nothing, an earlier one the newest generation of it, a new one a build")
    func demands() {
        #expect(policy().demand(key: Fingerprint(hex: "c"), reason: "", isForced: false) == .nothing)
        #expect(
            policy().demand(key: Fingerprint(hex: "a"), reason: "", isForced: false) == .switchTo(GenerationNumber(2)))
        #expect(
            policy().demand(key: Fingerprint(hex: "n"), reason: "r", isForced: false)
                == .build(BuildRequest(key: Fingerprint(hex: "n"), reason: "r")))
    }

    @Test("what the user went back to is wanted while the manifests say the same, and binds nobody once it is gone")
    func pinned() {
        func demand(_ key: String, back to: Int, at pinned: String?, isForced: Bool = false) -> BuildDemand {
            var policy = policy()
            policy.pin = GenerationPin(
                generation: GenerationNumber(to), key: pinned.map { Fingerprint(hex: $0) }, from: GenerationNumber(3))
            return policy.demand(key: Fingerprint(hex: key), reason: "", isForced: isForced)
        }
        func build(_ key: String, isForced: Bool = false) -> BuildDemand {
            .build(BuildRequest(key: Fingerprint(hex: key), reason: "", isForced: isForced))
        }
        // Not the newest of its kind, and of another spec than what is wanted now.
        #expect(demand("c", back: 1, at: "c") == .switchTo(GenerationNumber(1)))
        #expect(demand("n", back: 1, at: "n") == .switchTo(GenerationNumber(1)))
        // It is current already.
        #expect(demand("n", back: 3, at: "n") == .nothing)
        // The manifests changed, or somebody asked for a fresh one.
        #expect(demand("a", back: 3, at: "n") == .switchTo(GenerationNumber(2)))
        #expect(demand("n", back: 3, at: "o") == build("n"))
        #expect(demand("n", back: 3, at: nil) == build("n"))
        #expect(demand("n", back: 3, at: "n", isForced: true) == build("n", isForced: true))
        // It is gone.
        #expect(demand("c", back: 9, at: "c") == .nothing)
        #expect(demand("n", back: 9, at: "n") == build("n"))
    }

    @Test("what failed is not tried again until an input changes or somebody asks")
    func failed() {
        let key = Fingerprint(hex: "f")
        #expect(policy(failed: "f").demand(key: key, reason: "", isForced: false) == .nothing)
        #expect(
            policy(failed: "f", inputsChanged: true).demand(key: key, reason: "", isForced: false)
                == .build(BuildRequest(key: key, reason: "")))
        #expect(
            policy(failed: "f").demand(key: key, reason: "", isForced: true)
                == .build(BuildRequest(key: key, reason: "", isForced: true)))
    }

    @Test("retired generations go when they are old and unused")
    func retention() {
        let generations = (1...8).map { generation($0, key: "k", $0 == 8 ? .current : .retired) }
        let removable = RetentionPolicy(kept: 3).removable(generations) { $0.number == GenerationNumber(2) }
        #expect(removable.map(\.number.value) == [1, 3, 4])
    }
}

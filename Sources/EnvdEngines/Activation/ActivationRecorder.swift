internal import EnvdCore

/// Runs the scripts of a prefix as often as it takes to know what they do.
struct ActivationRecorder {
    let shell: ActivationShell
    /// Those that are left; one that keeps a shell from going on is taken out.
    private(set) var scripts: [ActivationScript]
    /// For one run.
    let allowance: Duration
    /// Which scripts are left out, and why.
    private(set) var notes: [String] = []

    /// Of variables that the scripts name, so many are given a value.
    private static let nameLimit = 1000
    /// More variables than these are not looked into.
    private static let changeLimit = 500

    init(shell: ActivationShell, scripts: [ActivationScript], allowance: Duration) {
        self.shell = shell
        self.scripts = scripts
        self.allowance = allowance
    }

    /// Runs that took all of their time; after two of them nothing more is run.
    private var lateRuns = 0
    private var timeLeft: Duration { lateRuns < 2 ? allowance : .zero }

    mutating func record() async throws(Diagnostic) -> ActivationRecord {
        for index in try await shell.unreadable(scripts, within: timeLeft).sorted(by: >) where index < scripts.count {
            leaveOut(index, "bash does not understand it")
        }
        while !scripts.isEmpty {
            guard let plain = try await run(GivenEnvironment.Outside(), isTold: true) else { continue }
            guard plain.after.exported.count <= Self.changeLimit else {
                var record = ActivationRecord(shell.given)
                record.leaveToShells("there are more than \(Self.changeLimit) variables")
                plain.refused.forEach { record.refuse($0) }
                return record
            }
            let sentinels = Sentinels(names(plain))
            let outside = GivenEnvironment.Outside(values: sentinels.values(sentinels.names), level: 1)
            guard let marked = try await run(outside, isTold: false) else { continue }
            let comparison = ActivationComparison(
                shell: shell, plain: plain, marked: marked, sentinels: sentinels,
                own: own)
            var record = comparison.record()
            for script in scripts where script.asksForPerson {
                record.leaveToShells("`\(script.shown)` asks whether the shell is interactive")
            }
            if record.reasons.isEmpty { try await verify(&record, comparison) }
            return record
        }
        return ActivationRecord(shell.given)
    }

    /// Whether the record also says what happens where only some of the variables are set, or are empty.
    ///
    /// Each two of those that depend on what is outside are told apart by at least one run.
    private func verify(
        _ record: inout ActivationRecord, _ comparison: ActivationComparison
    ) async throws(Diagnostic) {
        let dependent = record.dependent
        guard !dependent.isEmpty else { return }
        let sentinels = comparison.sentinels
        var runs: [[VariableName: ByteString]] = []
        var bit = 1
        while bit <= dependent.count {
            let chosen = dependent.indices.filter { ($0 + 1) & bit != 0 }.map { dependent[$0] }
            runs.append(sentinels.values(chosen))
            bit <<= 1
        }
        let scalars = dependent.filter { if case .extended = record.changes[$0] { true } else { false } }
        if !scalars.isEmpty { runs.append(Dictionary(uniqueKeysWithValues: scalars.map { ($0, "") })) }
        for values in runs {
            let outside = GivenEnvironment.Outside(values: values)
            guard timeLeft > .zero,
                case .whole(let snapshot) = try await shell.source(
                    scripts, outside: outside, within: timeLeft, isTold: false)
            else { return record.leaveToShells("the scripts are not always done") }
            let before = shell.variables(outside)
            if let name = surprise(snapshot, before, outside, record, comparison) {
                return record.leaveToShells("\(name) depends on which variables were set before")
            }
        }
    }

    /// A variable that is not what the record says.
    private func surprise(
        _ snapshot: ShellSnapshot, _ before: [VariableName: ByteString], _ outside: GivenEnvironment.Outside,
        _ record: ActivationRecord, _ comparison: ActivationComparison
    ) -> VariableName? {
        Set(before.keys).union(snapshot.exported.keys).sorted().first { name in
            let actual = snapshot.exported[name]
            if actual == before[name] && record.changes[name] == nil || record.ignored.contains(name) { return false }
            switch record.changes[name] {
            case .listed:
                var value = outside.values[name]
                if name == .path { value = GivenEnvironment.plainPath }
                return record.value(of: name, outside: value)?.entries ?? [] != actual?.entries ?? []
            case nil: return !before.contains { $0.key != name && $0.value == actual }
            default: return record.value(of: name, outside: outside.values[name]) != actual
            }
        }
    }

    /// The variables that the scripts set, and export nowhere.
    private var own: Set<VariableName> {
        let exported = scripts.reduce(into: Set<VariableName>()) { $0.formUnion($1.exportedVariables) }
        return scripts.reduce(into: Set<VariableName>()) { $0.formUnion($1.assignedVariables) }.subtracting(exported)
    }

    /// The variables that get a value in the second run.
    private func names(_ plain: ActivationComparison.Run) -> Set<VariableName> {
        let fixed = Set(shell.given.values.keys).union(GivenEnvironment.hidden)
        var names = scripts.reduce(into: Set<VariableName>()) { $0.formUnion($1.mentioned) }
        names = Set(names.filter { !$0.isShellsOwn }.sorted().prefix(Self.nameLimit))
        for (name, value) in plain.after.exported where plain.before[name] != value && !name.isShellsOwn {
            names.insert(name)
        }
        names.insert(.path)
        names.insert(.libraryPath)
        return names.subtracting(fixed)
    }

    /// Those of the scripts for leaving that let a shell go on after those for entering, in the same order.
    mutating func leaving(_ last: [ActivationScript]) async throws(Diagnostic) -> [ActivationScript] {
        var last = last
        func leaveOut(_ index: Int, _ cause: String) {
            notes.append("could not use `\(last[index].shown)`: \(cause)")
            last.remove(at: index)
        }
        for index in try await shell.unreadable(last, within: timeLeft).sorted(by: >) where index < last.count {
            leaveOut(index, "bash does not understand it")
        }
        while !last.isEmpty {
            guard timeLeft > .zero else {
                leaveOut(last.count - 1, "there was no time left for it")
                continue
            }
            let outside = GivenEnvironment.Outside()
            switch try await shell.source(scripts + last, outside: outside, within: timeLeft, isTold: false) {
            case .stopped(let index, let cause, let isLate):
                if isLate { lateRuns += 1 }
                guard index >= scripts.count else { return last }
                leaveOut(index - scripts.count, cause)
            case .whole(let snapshot):
                let run = ActivationComparison.Run(before: shell.variables(outside), after: snapshot)
                guard let name = run.refused.min() else { return last }
                let index = last.firstIndex { $0.mentioned.contains(name) } ?? last.count - 1
                leaveOut(index, "\(name) is not a package's to set")
            case .broken: return last
            }
        }
        return last
    }

    /// Nil where a script had to be left out: then everything begins anew.
    private mutating func run(
        _ outside: GivenEnvironment.Outside, isTold: Bool
    ) async throws(Diagnostic) -> ActivationComparison.Run? {
        guard timeLeft > .zero else {
            while !scripts.isEmpty { leaveOut(scripts.count - 1, "there was no time left for it") }
            return nil
        }
        switch try await shell.source(scripts, outside: outside, within: timeLeft, isTold: isTold) {
        case .whole(let snapshot):
            return ActivationComparison.Run(before: shell.variables(outside), after: snapshot)
        case .stopped(let script, let cause, let isLate):
            if isLate { lateRuns += 1 }
            leaveOut(script, cause)
        case .broken(let cause):
            notes.append("could not run `etc/conda/activate.d`: \(cause)")
            scripts = []
        }
        return nil
    }

    private mutating func leaveOut(_ index: Int, _ cause: String) {
        notes.append("could not use `\(scripts[index].shown)`: \(cause)")
        scripts.remove(at: index)
    }
}

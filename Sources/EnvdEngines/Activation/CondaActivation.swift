package import EnvdCore
internal import EnvdSystem

/// What activating a prefix of conda's changes, found out when its generation is built.
///
/// Source: conda 26, `conda/activate.py`, `_build_activate_stack` and `_get_environment_env_vars`.
package struct CondaActivation: Hashable, Sendable {
    package var delta: Delta
    /// What of the prefix counts for nothing, and why: for people, a line each.
    package var notes: [String]

    /// What a note says of a variable that was left out.
    static let refusal = "that variable is not a package's to set"

    package init(delta: Delta, notes: [String]) {
        self.delta = delta
        self.notes = notes
    }

    /// Reads the variables of a prefix, and runs its activate.d in a clean bash: once with nothing else set, and again
    /// with a value in every variable that the scripts touch or name. What both runs explain is recorded; where they
    /// do not, `Delta.scripts` has them, and what the first run did.
    ///
    /// Scripts are code of the project: only for one that is allowed.
    ///
    /// - Parameters:
    ///   - prefix: whole, at its place, and canonical.
    ///   - name: for CONDA_DEFAULT_ENV.
    ///   - promptModifier: for CONDA_PROMPT_MODIFIER.
    ///   - limit: for what does not end; one run of the scripts takes at most half of it.
    /// - Throws: where the machine fails or the build is cancelled, never for what a package brings.
    package static func record(
        _ prefix: Path, name: ByteString, promptModifier: ByteString, limit: Duration = .seconds(20),
        context: EngineContext
    ) async throws(Diagnostic) -> CondaActivation {
        let variables = CondaVariables(of: prefix)
        let given = GivenEnvironment(
            prefix: prefix, name: name, promptModifier: promptModifier, variables: variables)
        let (scripts, skipped) = ActivationScript.all(of: prefix)
        var notes = variables.notes + skipped
        var record = ActivationRecord(given)
        var (entering, leaving): ([Path], [Path]) = ([], [])
        if !scripts.isEmpty {
            let place = context.temporary / "activation"
            let scratch = try telling { () throws(SystemError) in
                try FileSystem.makeDirectories(place)
                return try FileSystem.canonical(place)
            }
            var recorder = ActivationRecorder(
                shell: ActivationShell(given: given, scratch: scratch, context: context), scripts: scripts,
                allowance: limit / 2)
            record = try await recorder.record()
            entering = recorder.scripts.map(\.path)
            if record.isLeftToShells {
                let (last, unread) = ActivationScript.all(of: prefix, in: ActivationScript.leaving)
                notes += unread
                leaving = try await recorder.leaving(last.reversed()).map(\.path)
            }
            notes += recorder.notes
            for name in record.refused.sorted() {
                let script = recorder.scripts.first { $0.mentioned.contains(name) }?.shown ?? ActivationScript.entering
                notes.append("could not use `\(name)` of `\(script)`: \(refusal)")
            }
            try? FileSystem.remove(scratch)
        }
        if record.isLeftToShells {
            for reason in record.reasons { context.log("activate.d is left to the shells: \(reason)") }
        } else if let reason = record.reasons.first {
            notes.append(
                "could not leave `\(ActivationScript.entering)` to the shells although \(reason): it sets what is not a package's to set; they get what it did when the environment was built"
            )
        }
        return CondaActivation(
            delta: record.delta(
                conda: Delta.CondaLevel(variables: variables.values.keys.sorted()), entering: entering,
                leaving: leaving),
            notes: notes)
    }
}

package import EnvdCore

/// Which of a shell's variables the daemon is given: what resolving and fetching needs, no more.
///
/// A daemon that systemd started knows none of its user's shell, so that shells and the command line hand these
/// over. They stay in the daemon's memory and reach engines; they reach no log and no database.
package enum HandedEnvironment {
    /// What activation sets itself: it would lead an engine back into an environment.
    private static let ours: Set<ByteString> = [
        "UV_PROJECT_ENVIRONMENT", "CONDA_PREFIX", "CONDA_SHLVL", "CONDA_DEFAULT_ENV", "CONDA_PROMPT_MODIFIER",
        "ENVD_UNDO", "VIRTUAL_ENV",
    ]

    /// Whether a shell sends the variable of this name along. On the way of every question that a shell asks: bytes
    /// and static strings alone.
    package static func isSent(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        for known in EnvironmentVariable.handed where name.count == known.name.utf8CodeUnitCount {
            if matches(name, known.name, name.count) { return true }
        }
        for known in EnvironmentVariable.handedMarks where name.count == known.name.utf8CodeUnitCount {
            if matches(name, known.name, name.count) { return true }
        }
        // Without their star.
        for family in EnvironmentVariable.handedFamilies where name.count >= family.name.utf8CodeUnitCount {
            if matches(name, family.name, family.name.utf8CodeUnitCount - 1) { return true }
        }
        return false
    }

    /// Whether the first `count` bytes are alike.
    private static func matches(_ bytes: UnsafeBufferPointer<UInt8>, _ text: StaticString, _ count: Int) -> Bool {
        guard bytes.count >= count else { return false }
        for index in 0..<count where bytes[index] != text.utf8Start[index] { return false }
        return true
    }

    /// The variables of a whole environment that are handed over, as `cleaned` leaves them.
    package static func selected(from environment: [ByteString: ByteString]) -> [ByteString: ByteString] {
        cleaned(environment.filter { name, _ in name.bytes.withUnsafeBufferPointer { isSent($0) } })
    }

    /// What was sent, without what an active environment had put in: no directory of it is left in PATH.
    package static func cleaned(_ sent: [ByteString: ByteString]) -> [ByteString: ByteString] {
        var kept = sent.filter { !ours.contains($0.key) }
        if let path = kept["PATH"] {
            let undo = Undo(text: sent["ENVD_UNDO"] ?? "")
            var foreign = Set(undo.lists.filter { $0.variable == .path }.flatMap(\.entries))
            for name: ByteString in ["VIRTUAL_ENV", "CONDA_PREFIX"] {
                if let prefix = sent[name], !prefix.isEmpty { foreign.insert(prefix + "/bin") }
            }
            let own = path.split(separator: UInt8(ascii: ":")).filter { !$0.isEmpty && !foreign.contains($0) }
            kept["PATH"] = ByteString(own.map(\.bytes).joined(separator: [UInt8(ascii: ":")]))
        }
        return kept
    }
}

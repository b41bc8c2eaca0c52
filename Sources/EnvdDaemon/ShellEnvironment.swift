internal import EnvdCore
internal import EnvdLoop
internal import EnvdSystem

/// What the user's shells handed over, in memory only: it reaches engines, no log and no database.
@LoopActor final class ShellEnvironment {
    private(set) var variables: [ByteString: ByteString] = [:]
    /// Whether any shell or command line has handed anything over since the daemon started.
    private(set) var isKnown = false
    private let generations: Path
    /// What outlives the daemon.
    private let memory: KeptMemory?

    /// - Parameter generations: where envd's own prefixes lie; no directory below it stays in PATH.
    /// - Parameter memory: where they are kept for the daemon that takes this one's place, and may lie from the one
    ///   before; nil: nowhere.
    init(generations: Path, memory: KeptMemory? = nil) {
        self.generations = generations
        self.memory = memory
        guard let kept = memory?.read() else { return }
        let entries = kept.split(separator: 0).compactMap { entry -> (ByteString, ByteString)? in
            guard let equals = entry.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            return (ByteString(entry[..<equals]), ByteString(entry[(equals + 1)...]))
        }
        handOver(Dictionary(entries) { first, _ in first }, wanted: [])
    }

    /// Takes the newest shell's word; variables that only a manifest wants stay until they are given anew.
    ///
    /// - Returns: whether anything changed.
    @discardableResult
    func handOver(_ given: [ByteString: ByteString], wanted: Set<ByteString>) -> Bool {
        var next = given
        for name in wanted where next[name] == nil { next[name] = variables[name] }
        if let path = next["PATH"] {
            let kept = path.split(separator: UInt8(ascii: ":")).filter {
                Path($0).isAbsolute && !Path($0).isWithin(generations)
            }
            next["PATH"] = ByteString(kept.map(\.bytes).joined(separator: [UInt8(ascii: ":")]))
        }
        let changed = !isKnown || next != variables
        variables = next
        isKnown = true
        if changed {
            memory?.write(next.flatMap { $0.key.bytes + [UInt8(ascii: "=")] + $0.value.bytes + [0] })
        }
        return changed
    }
}

internal import EnvdCore
internal import EnvdLoop

/// What the user's shells handed over, in memory only: it reaches engines, no log and no database.
@LoopActor final class ShellEnvironment {
    private(set) var variables: [ByteString: ByteString] = [:]
    /// Whether any shell or command line has handed anything over since the daemon started.
    private(set) var isKnown = false
    private let generations: Path

    /// - Parameter generations: where envd's own prefixes lie; no directory below it stays in PATH.
    init(generations: Path) { self.generations = generations }

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
        return changed
    }
}

internal import EnvdCore
internal import EnvdSystem

/// Which prefixes this user's processes work in, as proc(5) tells: their program, their mapped files, or an
/// environment that names the prefix.
struct PrefixUsers {
    private let mentions: [[UInt8]]

    /// Looks at every process once.
    init() {
        var mentions: [[UInt8]] = []
        for name in (try? FileSystem.list("/proc")) ?? [] where Int32(name.description) != nil {
            let process = Path("/proc").appending(Path(name))
            guard let status = try? FileSystem.status(process), status.owner == CurrentUser.id else { continue }
            if let program = try? FileSystem.linkTarget(process / "exe") { mentions.append(program.bytes.bytes) }
            for file in ["environ", "maps"] {
                if let content = try? FileSystem.read(process / file, limit: 4 << 20) { mentions.append(content) }
            }
        }
        self.mentions = mentions
    }

    func isInUse(_ prefix: Path) -> Bool {
        let needle = prefix.bytes.bytes + [UInt8(ascii: "/")]
        return mentions.contains { Self.contains($0, needle) }
    }

    private static func contains(_ bytes: [UInt8], _ needle: [UInt8]) -> Bool {
        guard let first = needle.first, bytes.count >= needle.count else { return false }
        var start = bytes.startIndex
        while let next = bytes[start...].firstIndex(of: first), next + needle.count <= bytes.count {
            if bytes[next..<(next + needle.count)].elementsEqual(needle) { return true }
            start = next + 1
        }
        return false
    }
}

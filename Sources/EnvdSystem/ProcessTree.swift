internal import EnvdCore
internal import Glibc

/// Who descends from whom, as `/proc` has it.
package enum ProcessTree {
    /// One process.
    package struct Entry: Hashable, Sendable {
        package var identifier: Int32
        package var parent: Int32
        /// Ended, but not yet waited for.
        package var isZombie: Bool
    }

    /// Every process below `root`, parents before children; without `root` itself.
    ///
    /// By proc_pid_stat(5) and not by `task/*/children`, which not every kernel has. What is forked or re-parented
    /// meanwhile may be missing: ask again until there is none.
    package static func descendants(of root: Int32) -> [Entry] {
        var children: [Int32: [Entry]] = [:]
        for name in (try? FileSystem.list("/proc")) ?? [] {
            guard let identifier = Int32(name.description), let entry = entry(identifier) else { continue }
            children[entry.parent, default: []].append(entry)
        }
        var found: [Entry] = []
        var next = children[root] ?? []
        while !next.isEmpty {
            found += next
            next = next.flatMap { children[$0.identifier] ?? [] }
        }
        return found
    }

    /// One process; nil when there is none of that number.
    package static func entry(_ identifier: Int32) -> Entry? {
        let file = Path(ByteString("/proc/\(identifier)/stat"))
        // The name in parentheses may hold anything, spaces and parentheses too.
        guard let content = try? FileSystem.read(file), let close = content.lastIndex(of: UInt8(ascii: ")"))
        else { return nil }
        let fields = content[(close + 1)...].split(separator: UInt8(ascii: " "))
        guard fields.count > 1, let parent = Int32(String(decoding: fields[1], as: UTF8.self)) else { return nil }
        let state = fields[0].first
        return Entry(
            identifier: identifier, parent: parent,
            isZombie: state == UInt8(ascii: "Z") || state == UInt8(ascii: "X"))
    }
}

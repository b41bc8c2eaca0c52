package import EnvdCore
internal import EnvdSystem

/// What is in a prefix, as far as it shows whether somebody changed it since envd made it: cheap enough for every look.
package struct PrefixContents: Hashable, Sendable, Codable {
    /// Of the prefix's own directory: another one was put in its place by whoever made the environment anew.
    package var inode: UInt64
    /// Version of each distribution, by normalised name.
    package var distributions: [String: String]

    /// Nil where there is no prefix.
    package init?(of prefix: Path) {
        guard let status = try? FileSystem.status(prefix), status.kind == .directory else { return nil }
        inode = status.inode
        distributions = SitePackages.distributions(in: prefix)
    }

    /// What somebody else did since this was taken: pip, `uv add`, `uv sync` of another project.
    package func drift(to now: PrefixContents) -> Drift {
        var drift = Drift(isRemade: inode != now.inode)
        for name in Set(distributions.keys).union(now.distributions.keys).sorted() {
            switch (distributions[name], now.distributions[name]) {
            case (nil, let new?): drift.added.append(.init(name: name, version: new))
            case (let old?, nil): drift.removed.append(.init(name: name, version: old))
            case (let old?, let new?) where old != new:
                drift.changed.append(.init(name: name, version: new))
            default: break
            }
        }
        return drift
    }
}

/// How a prefix differs from what envd made.
package struct Drift: Hashable, Sendable {
    package struct Distribution: Hashable, Sendable, CustomStringConvertible {
        package var name: String
        package var version: String
        package var description: String { "\(name) \(version)" }
    }

    package var isRemade: Bool
    package var added: [Distribution] = []
    package var removed: [Distribution] = []
    /// With the version that it has now.
    package var changed: [Distribution] = []

    package init(isRemade: Bool) { self.isRemade = isRemade }

    package var isEmpty: Bool { !isRemade && added.isEmpty && removed.isEmpty && changed.isEmpty }

    /// What somebody put there that `prefix` has not, or not in that version.
    package func lost(in prefix: PrefixContents) -> [Distribution] {
        (added + changed).filter { prefix.distributions[$0.name] != $0.version }
    }

    /// One phrase each, for people.
    package var phrases: [String] {
        (isRemade ? ["the environment was made anew by another tool"] : [])
            + added.map { "\($0) was added" } + changed.map { "\($0) is in place of another version" }
            + removed.map { "\($0) was removed" }
    }
}

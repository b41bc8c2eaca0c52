internal import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// `[tool.uv.workspace]` and the local entries of `[tool.uv.sources]`.
enum Workspace {
    private static let maximumMembers = 128
    private static let maximumListings = 256

    /// What the members and path sources say, by their path; their files become inputs.
    static func content(_ document: TOMLDocument, context: inout ReadingContext) -> [String: CanonicalValue] {
        var result: [String: CanonicalValue] = [:]
        for path in sources(document) + members(document, root: context.root) where result.count < maximumMembers {
            if result[path.description] == nil {
                result[path.description] = PathDependency.content(of: path, context: &context)
            }
        }
        return result
    }

    private static func sources(_ document: TOMLDocument) -> [Path] {
        let table = document.value("tool", "uv", "sources")?.asTable ?? [:]
        // An entry may be one source, or several with a marker each.
        let entries = table.keys.sortedAndUnique().flatMap { key in table[key]?.asList ?? [table[key]].compactMap { $0 }
        }
        return entries.compactMap { $0.value(["path"])?.asText }.compactMap { LocalAddress.path($0) }
    }

    private static func members(_ document: TOMLDocument, root: Path) -> [Path] {
        func patterns(_ key: String) -> [[ByteString]] {
            (document.value("tool", "uv", "workspace", key)?.asList ?? []).compactMap(\.asText).map { pattern in
                ByteString(pattern).split(separator: UInt8(ascii: "/")).filter { !$0.isEmpty && $0 != "." }
            }
        }
        let excluded = patterns("exclude")
        var listings = 0
        var found: [Path] = []
        for pattern in patterns("members") {
            var paths = [Path(".")]
            for piece in pattern {
                guard piece.bytes.contains(where: { "*?".utf8.contains($0) }) else {
                    paths = paths.map { child($0, piece) }
                    continue
                }
                var next: [Path] = []
                for path in paths where listings < maximumListings {
                    listings += 1
                    for name in (try? FileSystem.list(root.appending(path))) ?? []
                    where name.bytes.first != UInt8(ascii: ".") && Wildcard.matches(name, pattern: piece) {
                        let member = child(path, name)
                        guard next.count < maximumMembers,
                            (try? FileSystem.status(root.appending(member)))?.kind == .directory
                        else { continue }
                        next.append(member)
                    }
                }
                paths = next
            }
            found += paths
        }
        return found.filter { path in
            let pieces = path.bytes.split(separator: UInt8(ascii: "/"))
            return !excluded.contains { pattern in
                pattern.count == pieces.count && zip(pieces, pattern).allSatisfy { Wildcard.matches($0, pattern: $1) }
            }
        }
    }

    private static func child(_ path: Path, _ name: ByteString) -> Path {
        path == Path(".") ? Path(name) : path.appending(Path(name))
    }
}

/// `*` and `?` within one name of a path.
enum Wildcard {
    /// In time of the product of both lengths at most: the last `*` alone is tried again.
    static func matches(_ name: ByteString, pattern: ByteString) -> Bool {
        let (name, pattern) = (name.bytes, pattern.bytes)
        var (at, of) = (0, 0)
        var retry: (name: Int, pattern: Int)?
        while at < name.count {
            if of < pattern.count, pattern[of] == UInt8(ascii: "*") {
                retry = (at, of)
                of += 1
            } else if of < pattern.count, pattern[of] == UInt8(ascii: "?") || pattern[of] == name[at] {
                at += 1
                of += 1
            } else if let last = retry {
                at = last.name + 1
                of = last.pattern + 1
                retry = (at, last.pattern)
            } else {
                return false
            }
        }
        return pattern[of...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}

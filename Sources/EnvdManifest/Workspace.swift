internal import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// `[tool.uv.workspace]` and the local entries of `[tool.uv.sources]`
/// (<https://docs.astral.sh/uv/concepts/projects/workspaces/>).
enum Workspace {
    private static let maximumMembers = 128
    private static let maximumListings = 256
    private static let maximumDepth = 16

    /// The workspace that a project is a member of: its lock file and its settings are the member's too.
    struct Around {
        /// From the project's root: `../..`.
        var place: Path
        var document: TOMLDocument
    }

    /// As uv looks for it: the nearest pyproject.toml above decides. Only one that has the project for a member becomes
    /// an input: what else lies above says nothing of it, and may be anybody's.
    static func around(_ document: TOMLDocument, context: inout ReadingContext) -> Around? {
        guard document.value("tool", "uv", "workspace") == nil else { return nil }
        var place = Path("..")
        for directory in context.root.selfAndAncestors.dropFirst().prefix(maximumDepth) {
            defer { place = place / ".." }
            let file = directory / PyprojectFormat.name
            guard (try? FileSystem.status(file))??.kind == .file else { continue }
            guard let bytes = try? FileSystem.read(file, limit: 1 << 20),
                let above = try? TOMLDocument(
                    bytes, file: file, name: PyprojectFormat.name, recordsLines: false),
                above.value("tool", "uv", "workspace") != nil,
                let member = context.root.relative(to: directory)
            else { return nil }
            let pieces = member.bytes.split(separator: UInt8(ascii: "/"))
            func names(_ key: String) -> Bool {
                patterns(key, above).contains { Wildcard.matches(pieces[...], patterns: $0[...]) }
            }
            guard names("members"), !names("exclude") else { return nil }
            context.follow(file)
            return context.files.readIfPresent(file) == nil ? nil : Around(place: place, document: above)
        }
        return nil
    }

    /// The other directories of the workspace, absolute; its root first where the project is a member.
    static func directories(of around: Around?, or document: TOMLDocument, root: Path) -> [Path] {
        guard let around else { return members(document, root: root).map { root.appending($0).withoutDots } }
        let whole = root.appending(around.place).withoutDots
        return [whole]
            + members(around.document, root: whole).map { whole.appending($0).withoutDots }
            .filter { $0 != root }
    }

    /// What a workspace says that a member is in: its other members, its sources and its settings for uv.
    static func content(around workspace: Around, context: inout ReadingContext) -> [String: CanonicalValue] {
        let (place, document) = (workspace.place, workspace.document)
        let root = context.root.appending(place).withoutDots
        let paths =
            [Path(".")] + sources(document) + members(document, root: root)
        var result: [String: CanonicalValue] = [:]
        for path in paths where result.count < maximumMembers {
            let local = path.isAbsolute ? path : path == Path(".") ? place : place.appending(path)
            guard context.root.appending(local).withoutDots != context.root, result[local.description] == nil else {
                continue
            }
            result[local.description] = PathDependency.content(of: local, context: &context)
        }
        return result
    }

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
        let excluded = patterns("exclude", document)
        var listings = 0
        var found: [Path] = []
        for pattern in patterns("members", document) {
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

    private static func patterns(_ key: String, _ document: TOMLDocument) -> [[ByteString]] {
        (document.value("tool", "uv", "workspace", key)?.asList ?? []).compactMap(\.asText).map { pattern in
            ByteString(pattern).split(separator: UInt8(ascii: "/")).filter { !$0.isEmpty && $0 != "." }
        }
    }

    private static func child(_ path: Path, _ name: ByteString) -> Path {
        path == Path(".") ? Path(name) : path.appending(Path(name))
    }
}

/// `*` and `?` within one name of a path, and `**` for any number of names.
enum Wildcard {
    /// Each name by its pattern.
    static func matches(_ names: ArraySlice<ByteString>, patterns: ArraySlice<ByteString>) -> Bool {
        guard let pattern = patterns.first else { return names.isEmpty }
        if pattern == "**" {
            return (names.startIndex...names.endIndex).contains {
                matches(names[$0...], patterns: patterns.dropFirst())
            }
        }
        guard let name = names.first else { return false }
        return matches(name, pattern: pattern) && matches(names.dropFirst(), patterns: patterns.dropFirst())
    }

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

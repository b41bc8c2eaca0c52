package import EnvdCore
package import EnvdSystem

/// What keeps a link out of git's sight: a line of the repository's own `info/exclude`, which no commit holds
/// (gitignore(5)). Read and written by our own hand: git itself is not asked.
package struct GitExclude {
    private static let mark = "# envd link"
    /// Bytes of a file that holds one path.
    private static let pathLimit = 8 << 10

    /// Of the repository, whichever of its working trees the link lies in.
    package let file: Path
    /// The link, from the top of the working tree.
    private let place: Path
    /// Where the repository keeps what its working trees share.
    private let common: Path

    /// Nil where the link lies in no repository of this user's, or cannot be written as a line.
    package init?(of link: EditorLink) {
        let tops = link.root.selfAndAncestors
        guard let top = tops.first(where: { (try? FileSystem.status($0 / ".git", followingLink: false)) != nil }),
            let place = link.path.relative(to: top), !place.bytes.bytes.contains(UInt8(ascii: "\n")),
            var own = try? FileSystem.canonical(top / ".git")
        else { return nil }
        if (try? FileSystem.status(own))?.kind == .file {
            guard let line = Self.line(own), line.hasPrefix("gitdir: "),
                let linked = try? FileSystem.canonical(top.appending(String(line.dropFirst("gitdir: ".count))))
            else { return nil }
            own = linked
        }
        let shared = Self.line(own / "commondir").flatMap { try? FileSystem.canonical(own.appending($0)) }
        common = shared ?? own
        guard FileSystem.exists(own / "HEAD"), let status = try? FileSystem.status(common),
            status.owner == CurrentUser.id
        else { return nil }
        self.place = place
        // What lies there may itself be a link of its user's.
        file = (try? FileSystem.canonical(common / "info/exclude")) ?? common / "info/exclude"
    }

    /// As gitignore(5) has it: from the top, letter by letter.
    private var pattern: ByteString {
        var line: [UInt8] = [UInt8(ascii: "/")]
        for byte in place.bytes.bytes {
            if "\\*?[ ".utf8.contains(byte) { line.append(UInt8(ascii: "\\")) }
            line.append(byte)
        }
        return ByteString(line)
    }

    private var lines: [UInt8] { Array("\(Self.mark)\n".utf8) + pattern.bytes + [UInt8(ascii: "\n")] }

    /// Writes the line, where it is not there.
    package func add() throws(SystemError) {
        var content = try content()
        guard Self.range(of: lines, in: content) == nil else { return }
        if let last = content.last, last != UInt8(ascii: "\n") { content.append(UInt8(ascii: "\n")) }
        try FileSystem.makeDirectories(file.parent, mode: 0o755)
        try FileSystem.replace(file, with: content + lines, mode: try mode())
    }

    /// Takes the line out again; one that another working tree of the repository needs stays.
    ///
    /// - Returns: whether it was there, and went.
    package func remove() throws(SystemError) -> Bool {
        var content = try content()
        guard let range = Self.range(of: lines, in: content), !isNeededElsewhere else { return false }
        content.removeSubrange(range)
        try FileSystem.replace(file, with: content, mode: try mode())
        return true
    }

    private var isNeededElsewhere: Bool {
        var tops = common.name == ".git" ? [common.parent] : []
        for name in (try? FileSystem.list(common / "worktrees")) ?? [] {
            let entry = (common / "worktrees").appending(Path(name))
            if let line = Self.line(entry / "gitdir") { tops.append(entry.appending(line).parent) }
        }
        return tops.contains { top in
            let other = top.appending(place)
            return (try? EditorLink(root: other.parent, name: other.name.description))?.isOwn ?? false
        }
    }

    private func content() throws(SystemError) -> [UInt8] {
        do throws(SystemError) {
            return try FileSystem.read(file)
        } catch {
            if error.isAbsence { return [] }
            throw error
        }
    }

    private func mode() throws(SystemError) -> UInt32 { (try FileSystem.status(file)?.mode ?? 0o644) & 0o777 }

    /// Where whole lines stand.
    private static func range(of lines: [UInt8], in content: [UInt8]) -> Range<Int>? {
        content.ranges(of: lines).first { $0.lowerBound == 0 || content[$0.lowerBound - 1] == UInt8(ascii: "\n") }
    }

    private static func line(_ file: Path) -> String? {
        guard let bytes = try? FileSystem.read(file, limit: pathLimit) else { return nil }
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != 0 }
        return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
    }
}

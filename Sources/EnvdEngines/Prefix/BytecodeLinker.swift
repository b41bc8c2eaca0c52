package import EnvdCore
internal import EnvdSystem

/// Gives a new prefix the bytecode of an older one, by hard links, wherever both have the same source file:
/// engines link sources from one cache, so most are the same inode.
package enum BytecodeLinker {
    /// Links every `__pycache__/*.pyc` of `older` whose source is the same inode in `newer` and whose header
    /// fits that source (PEP 552; hash-based ones are left alone).
    ///
    /// What cannot be linked is left out: bytecode saves time and nothing needs it.
    ///
    /// - Returns: how many were linked.
    @discardableResult
    package static func link(from older: Path, into newer: Path) -> Int {
        guard let from = SitePackages.directory(of: older), let into = SitePackages.directory(of: newer),
            from.relative(to: older) == into.relative(to: newer)
        else { return 0 }
        return linkDirectory(from, into, depth: 0)
    }

    private static func linkDirectory(_ older: Path, _ newer: Path, depth: Int) -> Int {
        guard depth < 64, let entries = try? FileSystem.entries(older) else { return 0 }
        var count = 0
        for entry in entries where entry.isDirectory {
            let (from, to) = (older.appending(Path(entry.name)), newer.appending(Path(entry.name)))
            if entry.name == cacheName {
                count += linkCache(of: older, from, to, newer)
            } else if FileSystem.exists(to) {
                count += linkDirectory(from, to, depth: depth + 1)
            }
        }
        return count
    }

    private static let cacheName: ByteString = "__pycache__"
    private static let suffix = Array(".pyc".utf8)

    private static func linkCache(of older: Path, _ from: Path, _ to: Path, _ newer: Path) -> Int {
        guard let entries = try? FileSystem.entries(from), let compiled = try? OpenDirectory(from),
            let sources = try? OpenDirectory(older), let ownSources = try? OpenDirectory(newer)
        else { return 0 }
        var target: OpenDirectory?
        var count = 0
        for entry in entries where !entry.isDirectory && entry.name.bytes.hasSuffix(suffix) {
            // `stem.cpython-311.pyc`, `stem.cpython-311.opt-1.pyc`
            let name = entry.name.bytes
            guard let tag = name.firstRange(of: tagStart) else { continue }
            let source = ByteString(name[..<tag.lowerBound] + sourceSuffix)
            guard let its = ownSources.file(source), let mine = sources.file(source), mine == its,
                let header = compiled.beginning(of: entry.name, count: 16), fits(header, source: mine)
            else { continue }
            if target == nil {
                guard (try? FileSystem.makeDirectories(to, mode: 0o755)) != nil else { return count }
                target = try? OpenDirectory(to)
            }
            if let target, compiled.hardLink(entry.name, into: target) { count += 1 }
        }
        return count
    }

    private static let tagStart = Array(".cpython-".utf8)
    private static let sourceSuffix = Array(".py".utf8)

    /// Magic number, flags, then the source's modification time and size, all little-endian: only such a file
    /// (no flag set) says by itself what it was made from.
    static func fits(_ header: [UInt8], source: OpenDirectory.FileIdentity) -> Bool {
        guard header.count == 16, word(header, 4) == 0 else { return false }
        let seconds = UInt32(truncatingIfNeeded: source.modifiedSeconds)
        return word(header, 8) == seconds && word(header, 12) == UInt32(truncatingIfNeeded: source.size)
    }

    private static func word(_ bytes: [UInt8], _ start: Int) -> UInt32 {
        bytes[start..<(start + 4)].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}

extension [UInt8] {
    fileprivate func hasSuffix(_ suffix: [UInt8]) -> Bool { self.suffix(suffix.count).elementsEqual(suffix) }
}

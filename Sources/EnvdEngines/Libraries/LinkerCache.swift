package import EnvdCore
package import EnvdSystem
internal import Synchronization

/// The libraries that the system's dynamic linker finds by itself, from the cache of ldconfig(8).
package struct LinkerCache: Sendable {
    /// Which cache it was, for a generation that depends on what it said.
    package struct Identity: Hashable, Sendable, Codable {
        package var path: Path
        package var device: UInt64
        package var inode: UInt64
        /// Nanoseconds since the epoch.
        package var modified: Int64
        /// In bytes.
        package var size: Int64

        /// Nil where there is no cache.
        package init?(of path: Path = LinkerCache.file) throws(SystemError) {
            guard let status = try FileSystem.status(path) else { return nil }
            self.path = path
            device = status.device
            inode = status.inode
            modified = status.modified
            size = status.size
        }
    }

    /// Where ldconfig(8) writes it.
    package static let file: Path = "/etc/ld.so.cache"

    /// By the name that programs ask for; several where they are for several machines.
    package let places: [ByteString: [Path]]
    /// Taken before the cache was read; nil where there is none.
    package let identity: Identity?

    /// Names as programs ask for them.
    package var libraries: Set<ByteString> { Set(places.keys) }

    package init(places: [ByteString: [Path]], identity: Identity? = nil) {
        self.places = places
        self.identity = identity
    }

    /// No cache file: nothing is known, as the linker itself sees it.
    package init(reading file: Path = LinkerCache.file) throws(SystemError) {
        identity = try Identity(of: file)
        places = identity == nil ? [:] : Self.places(in: try FileSystem.read(file, limit: 64 << 20))
    }

    private static let latest = Mutex<LinkerCache?>(nil)

    /// The machine's, read again only where it is another file.
    package static func current() throws(SystemError) -> LinkerCache {
        let identity = try Identity()
        if let known = latest.withLock({ $0 }), known.identity == identity { return known }
        let cache = try LinkerCache()
        latest.withLock { $0 = cache }
        return cache
    }

    package func knows(_ name: ByteString) -> Bool { places[name] != nil }

    /// glibc's `struct cache_file_new` (sysdeps/generic/dl-cache.h), alone or after a table of the old format;
    /// what is cut off or points outside is skipped.
    static func places(in bytes: [UInt8]) -> [ByteString: [Path]] {
        var base = 0
        if bytes.starts(with: "ld.so-1.7.0".utf8), let count = word(bytes, at: 12) { base = (16 + count * 12 + 7) & ~7 }
        let magic = Array("glibc-ld.so.cache1.1".utf8)
        guard base < bytes.count, bytes[base...].starts(with: magic), let count = word(bytes, at: base + 20) else {
            return [:]
        }
        var places: [ByteString: [Path]] = [:]
        for index in 0..<count {
            // Header of 48 bytes; entries of 24: flags, name, path, version, hardware.
            let entry = base + 48 + index * 24
            guard let key = word(bytes, at: entry + 4), let value = word(bytes, at: entry + 8) else { break }
            guard let name = text(bytes, at: base + key), !name.isEmpty else { continue }
            places[name, default: []] += text(bytes, at: base + value).map { [Path($0)] } ?? []
        }
        return places
    }

    private static func text(_ bytes: [UInt8], at start: Int) -> ByteString? {
        guard start < bytes.count, let end = bytes[start...].firstIndex(of: 0) else { return nil }
        return ByteString(bytes[start..<end])
    }

    /// Little-endian, as every machine that we build for writes it.
    private static func word(_ bytes: [UInt8], at offset: Int) -> Int? {
        guard offset >= 0, offset + 4 <= bytes.count else { return nil }
        return (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
}

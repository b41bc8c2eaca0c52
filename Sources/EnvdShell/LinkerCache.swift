package import EnvdCore
package import EnvdSystem

/// The names of the libraries that the system's dynamic linker finds by itself, from the cache of ldconfig(8).
package struct LinkerCache: Sendable {
    package let libraries: Set<ByteString>

    package init(libraries: Set<ByteString>) { self.libraries = libraries }

    /// No cache file: nothing is known, as the linker itself sees it.
    package init(reading file: Path = "/etc/ld.so.cache") throws(SystemError) {
        guard try FileSystem.status(file) != nil else {
            libraries = []
            return
        }
        libraries = Self.names(in: try FileSystem.read(file))
    }

    /// glibc's `struct cache_file_new` (sysdeps/generic/dl-cache.h), alone or after a table of the old format;
    /// what is cut off or points outside is skipped.
    static func names(in bytes: [UInt8]) -> Set<ByteString> {
        var base = 0
        if bytes.starts(with: "ld.so-1.7.0".utf8), let count = word(bytes, at: 12) { base = (16 + count * 12 + 7) & ~7 }
        let magic = Array("glibc-ld.so.cache1.1".utf8)
        guard base < bytes.count, bytes[base...].starts(with: magic), let count = word(bytes, at: base + 20) else {
            return []
        }
        var names: Set<ByteString> = []
        for index in 0..<count {
            // Header of 48 bytes; entries of 24: flags, name, path, version, hardware.
            let entry = base + 48 + index * 24
            guard let key = word(bytes, at: entry + 4) else { break }
            let start = base + key
            guard start < bytes.count, let end = bytes[start...].firstIndex(of: 0) else { continue }
            names.insert(ByteString(bytes[start..<end]))
        }
        return names
    }

    /// Little-endian, as every machine that we build for writes it.
    private static func word(_ bytes: [UInt8], at offset: Int) -> Int? {
        guard offset >= 0, offset + 4 <= bytes.count else { return nil }
        return (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
}

internal import CPosixShims

/// Finds bytes in bytes, as fast as the C library can.
package enum ByteSearch {
    /// Where `needle` begins for the first time at or after `start`; nil where it does not.
    package static func first(_ needle: [UInt8], in bytes: [UInt8], from start: Int = 0) -> Int? {
        guard start <= bytes.count else { return nil }
        return bytes.withUnsafeBytes { haystack in
            guard let base = haystack.baseAddress,
                let hit = shim_find(base + start, haystack.count - start, needle, needle.count)
            else { return nil }
            return base.distance(to: hit)
        }
    }
}

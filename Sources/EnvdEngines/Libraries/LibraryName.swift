internal import EnvdCore

/// How the files of libraries are called.
enum LibraryName {
    /// `lib….so` or `lib….so.1`.
    static func isLibrary(_ name: ByteString) -> Bool {
        let bytes = name.bytes
        guard bytes.starts(with: Array("lib".utf8)) else { return false }
        let mark = Array(".so".utf8)
        return bytes.indices.contains { start in
            bytes[start...].starts(with: mark) && (start + 3 == bytes.count || bytes[start + 3] == UInt8(ascii: "."))
        }
    }

    /// `lib….so`: the name that the C compiler and Python's ctypes ask for.
    static func isPlain(_ name: ByteString) -> Bool { name.bytes.suffix(3).elementsEqual(Array(".so".utf8)) }

    /// Whether the name is one of plain characters, as every real library's is: no separator of LD_LIBRARY_PATH, and
    /// nothing that could pass for two lines of the dynamic linker's.
    static func isOrdinary(_ name: ByteString) -> Bool {
        !name.isEmpty
            && name.bytes.allSatisfy { byte in
                let small = byte | 0x20
                return small >= UInt8(ascii: "a") && small <= UInt8(ascii: "z")
                    || byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") || "._-+@~=,".utf8.contains(byte)
            }
    }

    /// Whether a pattern, in which `*` is any text, names `name`; in time proportional to both lengths' product.
    static func matches(_ name: ByteString, _ pattern: String) -> Bool {
        let (text, pattern) = (name.bytes, Array(pattern.utf8))
        var (position, next) = (0, 0)
        var star: (pattern: Int, text: Int)?
        while position < text.count {
            if next < pattern.count, pattern[next] == UInt8(ascii: "*") {
                star = (next, position)
                next += 1
            } else if next < pattern.count, pattern[next] == text[position] {
                (position, next) = (position + 1, next + 1)
            } else if let last = star {
                star = (last.pattern, last.text + 1)
                (position, next) = (last.text + 1, last.pattern + 1)
            } else {
                return false
            }
        }
        return pattern[next...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}

extension LibraryPath {
    /// Whether one of these names is never to be offered.
    func excludes(_ names: ByteString...) -> Bool {
        excluded.contains { pattern in names.contains { LibraryName.matches($0, pattern) } }
    }
}

internal import EnvdCore

/// Where glibc's dynamic linker looks for libraries by itself.
///
/// Source: ld.so(8). Directories of `glibc-hwcaps` are not looked into.
enum LoaderDirectories {
    /// The directories that it always searches; which of them depends on the distribution.
    static let standard: [Path] =
        ["/lib/", "/usr/lib/"].map { Path($0 + multiarch) } + [
            "/lib64", "/usr/lib64", "/lib", "/usr/lib",
        ]

    /// An element of DT_RPATH or DT_RUNPATH with `$ORIGIN`, `$LIB` and `$PLATFORM` put in; several where a
    /// distribution decides, none where the element is no absolute path then.
    ///
    /// - Parameter origin: the directory in which the object was found, links not followed.
    static func expand(_ element: ByteString, origin: Path) -> [Path] {
        var found: [[UInt8]] = [[]]
        var rest = element.bytes[...]
        while let byte = rest.first {
            if let (length, values) = token(rest, origin: origin) {
                found = found.flatMap { head in values.map { head + $0 } }
                rest = rest.dropFirst(length)
                // A list that multiplies is no path that anybody meant.
                if found.count > 64 { return [] }
            } else {
                for index in found.indices { found[index].append(byte) }
                rest = rest.dropFirst()
            }
        }
        return found.map { Path(ByteString($0)) }.filter(\.isAbsolute)
    }

    private static func token(_ text: ArraySlice<UInt8>, origin: Path) -> (length: Int, values: [[UInt8]])? {
        guard text.first == UInt8(ascii: "$") else { return nil }
        let known: [(name: String, values: [[UInt8]])] = [
            ("ORIGIN", [origin.bytes.bytes]), ("LIB", ["lib/" + multiarch, "lib64", "lib"].map { Array($0.utf8) }),
            ("PLATFORM", [Array(platform.utf8)]),
        ]
        for (name, values) in known {
            for spelled in ["${\(name)}", "$\(name)"] where text.starts(with: Array(spelled.utf8)) {
                return (spelled.utf8.count, values)
            }
        }
        return nil
    }

    private static let platform: String = {
        #if arch(arm64)
            "aarch64"
        #else
            "x86_64"
        #endif
    }()
    private static let multiarch = platform + "-linux-gnu"
}

package import EnvdCore
internal import Glibc

/// This process's own environment, as bytes.
package enum ProcessEnvironment {
    /// All of it, the first of a doubled name as getenv(3) has it.
    package static func all() -> [ByteString: ByteString] {
        var result: [ByteString: ByteString] = [:]
        var next: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> = environ
        while let entry = next.pointee {
            let bytes = UnsafeBufferPointer(start: entry, count: strlen(entry)).map { UInt8(bitPattern: $0) }
            if let equals = bytes.firstIndex(of: UInt8(ascii: "=")) {
                let name = ByteString(bytes[..<equals])
                if result[name] == nil { result[name] = ByteString(bytes[(equals + 1)...]) }
            }
            next += 1
        }
        return result
    }

    /// Each entry as it lies in memory, with the length of its name; for who has no time for copies.
    package static func forEach(_ body: (_ entry: UnsafeBufferPointer<UInt8>, _ nameLength: Int) -> Void) {
        var next: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> = environ
        while let entry = next.pointee {
            let count = strlen(entry)
            entry.withMemoryRebound(to: UInt8.self, capacity: count) { start in
                let bytes = UnsafeBufferPointer(start: start, count: count)
                if let equals = memchr(start, Int32(UInt8(ascii: "=")), count) {
                    body(bytes, UnsafeRawPointer(equals) - UnsafeRawPointer(start))
                }
            }
            next += 1
        }
    }

    /// One variable; nil when it is unset.
    package static func value(_ name: String) -> ByteString? {
        guard let start = getenv(name) else { return nil }
        return ByteString(UnsafeBufferPointer(start: start, count: strlen(start)).map { UInt8(bitPattern: $0) })
    }

    /// One variable that envd knows; nil when it is unset.
    package static func value(_ variable: EnvironmentVariable) -> ByteString? {
        let name = UnsafeRawPointer(variable.name.utf8Start).assumingMemoryBound(to: CChar.self)
        guard let start = getenv(name) else { return nil }
        return ByteString(UnsafeBufferPointer(start: start, count: strlen(start)).map { UInt8(bitPattern: $0) })
    }

    /// The variable as an absolute path, as the XDG base directories want it: nil where it is unset, empty or relative.
    package static func path(_ variable: EnvironmentVariable) -> Path? { value(variable).flatMap(absolute) }

    /// The variable as an absolute path, as the XDG base directories want it: nil where it is unset,
    /// empty or relative.
    package static func path(_ name: String) -> Path? {
        value(name).flatMap(absolute)
    }

    private static func absolute(_ value: ByteString) -> Path? {
        let path = Path(value)
        return !value.isEmpty && path.isAbsolute ? path : nil
    }
}

package import EnvdCore
internal import Glibc

/// Where this process stands.
package enum WorkingDirectory {
    /// `$PWD` where it names the working directory, links kept as the user sees them; else getcwd(3)'s answer.
    package static var logical: Path {
        if let path = ProcessEnvironment.path(.workingDirectory), let named = try? FileSystem.status(path),
            let actual = try? FileSystem.status("."), named.device == actual.device, named.inode == actual.inode
        {
            return path
        }
        return physical
    }

    /// False where somebody removed it.
    package static var exists: Bool { (try? FileSystem.canonical(".")) != nil }

    /// Without links; `/` where the directory is gone.
    package static var physical: Path { (try? FileSystem.canonical(".")) ?? .root }
}

/// What this process was started with; the program's name comes first.
package enum ProcessArguments {
    package static var count: Int { Int(CommandLine.argc) }

    /// Nil where there are not so many.
    package static func value(_ index: Int) -> ByteString? {
        guard index < count, let start = CommandLine.unsafeArgv[index] else { return nil }
        return ByteString(UnsafeBufferPointer(start: start, count: strlen(start)).map { UInt8(bitPattern: $0) })
    }
}

/// The process that started this one.
package enum ParentProcess {
    package static var id: Int32 { getppid() }
}

/// Bytes for whoever reads this process.
package enum StandardOutput {
    /// Writes all of it; a reader that went away is no error.
    package static func write(_ bytes: [UInt8]) { writeAll(bytes, to: 1) }
}

/// Words for the person who runs this process.
package enum StandardError {
    /// A line; the newline is added here.
    package static func write(_ line: String) { writeAll(Array((line + "\n").utf8), to: 2) }
}

extension String {
    /// For a terminal to show and not to obey: control characters become `?`, and so does what hides or turns around
    /// what stands beside it; line ends stay.
    package var printable: String {
        String(String.UnicodeScalarView(unicodeScalars.map { $0.isDeceptive ? "?" : $0 }))
    }
}

extension Unicode.Scalar {
    /// Control characters; line and paragraph separators; marks of direction (Unicode's UAX #9) and characters without
    /// width, but for the joiners that writing needs.
    fileprivate var isDeceptive: Bool {
        switch value {
        case 0x09, 0x0a: false
        case 0..<0x20, 0x7f...0x9f, 0x2028...0x202e, 0x2060...0x206f: true
        case 0x061c, 0x200b, 0x200e, 0x200f, 0xfeff, 0xe0000...0xe007f: true
        default: false
        }
    }
}

private func writeAll(_ bytes: [UInt8], to descriptor: Int32) {
    var written = 0
    while written < bytes.count {
        let count = bytes[written...].withUnsafeBufferPointer { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if count <= 0 { return }
        written += count
    }
}

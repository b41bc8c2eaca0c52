package import EnvdCore

/// What `envd-hook` sends for a shell, and how it lies on the wire.
///
/// A message is its length in bytes (32 bits, least significant first), then that many bytes: fields that each
/// end in a NUL, which neither paths nor environment values can hold. The first field is the protocol's version,
/// so that a daemon can go on serving shells that loaded an older hook.
package struct HookRequest: Hashable, Sendable {
    package enum Verb: String, Sendable {
        /// A shell has started: it hands its environment over and expects no answer.
        case hello
        /// A shell stands where nothing is published: it wants shell text.
        case ask
    }

    package static let version = "1"
    /// What a daemon understands: this version, and the one before where there was one, for old shells live on.
    package static let served: Set<ByteString> = ["1"]
    /// Larger messages are refused unread: 1 MiB.
    package static let limit = 1 << 20

    package var verb: Verb
    /// `bash`, `zsh` or `fish`.
    package var shell: String
    /// The shell's process id.
    package var process: Int32
    /// The shell's logical working directory, `$PWD`.
    package var directory: Path
    package var environment: [ByteString: ByteString]

    package init(
        verb: Verb, shell: String, process: Int32, directory: Path, environment: [ByteString: ByteString]
    ) {
        self.verb = verb
        self.shell = shell
        self.process = process
        self.directory = directory
        self.environment = environment
    }

    package var encoded: [UInt8] {
        var frame = HookFrame(
            verb: ByteString(verb.rawValue), shell: ByteString(shell), process: process, directory: directory)
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) { frame.append(name + "=" + value) }
        return frame.finished()
    }

    /// Reads a message's body; nil where it is none that this version understands.
    package init?(body: [UInt8]) {
        guard body.last == 0 else { return nil }
        let fields = body.dropLast().split(separator: 0, omittingEmptySubsequences: false).map { ByteString($0) }
        guard fields.count >= 5, Self.served.contains(fields[0]),
            let verb = Verb(rawValue: fields[1].description), let process = Int32(fields[3].description), process > 0
        else { return nil }
        self.verb = verb
        self.shell = fields[2].description
        self.process = process
        self.directory = Path(fields[4])
        self.environment = [:]
        for field in fields[5...] {
            guard let equals = field.bytes.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            environment[ByteString(field.bytes[..<equals])] = ByteString(field.bytes[(equals + 1)...])
        }
    }

    /// Whether a body is a message of a version that is not served: its shell is told nothing, at once.
    package static func isOfAnotherVersion(_ body: [UInt8]) -> Bool {
        let version = body.prefix { $0 != 0 }
        let isNumber = !version.isEmpty && version.allSatisfy { (0x30...0x39).contains($0) }
        return isNumber && version.count < body.count && !served.contains(ByteString(version))
    }

    /// The body with its length before it.
    package static func frame(_ body: [UInt8]) -> [UInt8] {
        let length = UInt32(body.count)
        return (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + body
    }

    /// The length that a frame's first four bytes announce; nil while fewer are there.
    package static func announcedLength(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        return Int(bytes[0]) | Int(bytes[1]) << 8 | Int(bytes[2]) << 16 | Int(bytes[3]) << 24
    }
}

/// A request as it is written, field by field, without a value for the whole: what `envd-hook` sends while a shell
/// waits.
package struct HookFrame {
    private var bytes: [UInt8] = [0, 0, 0, 0]

    package init(verb: ByteString, shell: ByteString, process: Int32, directory: Path) {
        bytes.reserveCapacity(8192)
        append(ByteString(HookRequest.version))
        append(verb)
        append(shell)
        append(decimal: process)
        append(directory.bytes)
    }

    package mutating func append(_ field: ByteString) {
        bytes += field.bytes
        bytes.append(0)
    }

    /// A `NAME=VALUE` of the environment, as it lies there.
    package mutating func append(_ field: UnsafeBufferPointer<UInt8>) {
        bytes.append(contentsOf: field)
        bytes.append(0)
    }

    /// A process id, which is positive.
    private mutating func append(decimal number: Int32) {
        var divisor: Int32 = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
        bytes.append(0)
    }

    package consuming func finished() -> [UInt8] {
        let length = UInt32(bytes.count - 4)
        for index in 0..<4 { bytes[index] = UInt8(truncatingIfNeeded: length >> (8 * index)) }
        return bytes
    }
}

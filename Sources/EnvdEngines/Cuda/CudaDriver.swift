internal import EnvdCore

/// What the system's NVIDIA driver can do.
package struct CudaDriver: Hashable, Sendable {
    /// The newest CUDA that it serves: `__cuda` of conda.
    package var version: CudaVersion
    /// The lowest compute capability among the GPUs, `8.6`: `__cuda_arch` of conda. Nil where no GPU told it.
    package var capability: String?

    package init(version: CudaVersion, capability: String? = nil) {
        self.version = version
        self.capability = capability
    }

    /// What came of asking for the driver.
    package struct Answer: Hashable, Sendable {
        /// Nil where there is none, or none that says its version.
        package var driver: CudaDriver?
        /// The cause, for a message, where something is amiss: `libcuda.so.1` does not answer …
        package var trouble: String?
        /// Whether the driver's library hung or crashed: whoever loads it will, too.
        package var isBroken: Bool

        package init(driver: CudaDriver?, trouble: String? = nil, isBroken: Bool = false) {
            self.driver = driver
            self.trouble = trouble
            self.isBroken = isBroken
        }

        package static let none = Answer(driver: nil)
    }
}

/// How far `envd cuda-driver` is, told on a line of its output each time: the last line counts, for a driver's library
/// may hang or crash at any call.
package struct CudaDriverProgress: Hashable, Sendable {
    /// The library that is being asked; nil: none was found yet.
    package var library: String?
    /// As the library says it, `12040`.
    package var number: Int?
    package var capability: String?
    package var trouble: String?

    package init(library: String? = nil, number: Int? = nil, capability: String? = nil, trouble: String? = nil) {
        self.library = library
        self.number = number
        self.capability = capability
        self.trouble = trouble
    }

    /// One object of JSON, with its newline.
    package var line: String {
        var table: [String: CanonicalValue] = [:]
        table["library"] = library.map { .text($0) }
        table["number"] = number.map { .integer(Int64($0)) }
        table["capability"] = capability.map { .text($0) }
        table["trouble"] = trouble.map { .text($0) }
        return CanonicalValue.table(table).json + "\n"
    }

    /// The last whole line; nil where there is none.
    package init?(output: [UInt8]) {
        guard let end = output.lastIndex(of: UInt8(ascii: "\n")) else { return nil }
        let last = output[..<end].split(separator: UInt8(ascii: "\n")).last ?? []
        guard let table = (try? JSONText.parse(Array(last)))?.table else { return nil }
        self.init(
            library: table["library"]?.text, number: table["number"]?.integer, capability: table["capability"]?.text,
            trouble: table["trouble"]?.text)
    }
}

package import EnvdCore
internal import EnvdSystem
internal import EnvdTestSupport

/// A reader of what strangers write, as a function that has to come back whatever it is given.
///
/// `make fuzz` gives each of them millions of inputs (libFuzzer, llvm.org/docs/LibFuzzer.html); `make test` those that
/// are kept under Tests/Fixtures/fuzz: examples, and whatever once brought a reader down.
package struct FuzzTarget: Sendable {
    /// The name of its folder under Tests/Fixtures/fuzz.
    package let name: String
    /// Longer inputs are not tried: bytes.
    package let limit: Int
    package let read: @Sendable ([UInt8]) -> Void

    init(_ name: String, limit: Int = 4096, read: @escaping @Sendable ([UInt8]) -> Void) {
        self.name = name
        self.limit = limit
        self.read = read
    }

    package static let all = manifests + grammar + wire + engines

    /// For what takes text.
    static func text(_ name: String, limit: Int = 4096, read: @escaping @Sendable (String) -> Void) -> FuzzTarget {
        FuzzTarget(name, limit: limit) { read(String(decoding: $0, as: UTF8.self)) }
    }

    /// For what reads a file.
    ///
    /// - Parameters:
    ///   - fileName: where the input goes, in a directory that is its own.
    ///   - beside: other files of that directory, by name.
    ///   - read: gets the directory.
    static func file(
        _ name: String, as fileName: String, beside: [String: String] = [:], limit: Int = 4096,
        read: @escaping @Sendable (Path) -> Void
    ) -> FuzzTarget {
        FuzzTarget(name, limit: limit) { bytes in
            do {
                let directory = try TemporaryDirectory()
                for (name, text) in beside { try directory.write(name, text) }
                try FileSystem.replace(directory.path / fileName, with: bytes, mode: 0o644)
                read(directory.path)
            } catch {
                fatalError("could not prepare the input: \(error)")
            }
        }
    }

    /// Ends the process where a reading contradicts itself, so that libFuzzer keeps the input.
    static func demand(_ holds: @autoclosure () -> Bool, _ claim: String) {
        if !holds() { fatalError(claim) }
    }
}

package import EnvdCore
internal import EnvdSystem

/// The channels `main` and `other` of Tests/Fixtures/conda/make_channel.py.
package enum CondaChannels {
    /// Makes them below a directory.
    ///
    /// - Throws: what the program says.
    package static func make(in directory: Path) async throws {
        let program = Path(#filePath).parent.parent / "Fixtures/conda/make_channel.py"
        let result = await PlainCommandRunner().run(
            Command(
                executable: "/usr/bin/env", arguments: ["python3", program.bytes, directory.bytes],
                environment: ProcessEnvironment.all(), workingDirectory: "/", writable: nil), onLine: { _ in })
        guard result.succeeded else {
            throw NotMade(description: String(decoding: result.standardError, as: UTF8.self))
        }
    }

    private struct NotMade: Error, CustomStringConvertible {
        let description: String
    }
}

package import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// The smoke check of a new prefix, before it may become current.
package enum PrefixVerification {
    /// Runs the prefix's python once and looks for every package of the resolution.
    ///
    /// - Throws: what is wrong with the prefix; it is then thrown away by the caller.
    package static func verify(
        _ prefix: Path, resolution: Resolution, interpreter: Interpreter, context: EngineContext
    ) async throws(Diagnostic) {
        try await askPython(of: prefix, interpreter: interpreter, context: context)
        let installed = SitePackages.distributions(in: prefix)
        // Lines with a marker that is not judged here may or may not have been for this machine.
        let lines = RequirementsText(resolution.hashed).lines.filter { $0.marker == nil }
        for pin in lines.compactMap(\.pin).sorted(by: { $0.name < $1.name }) {
            guard let version = installed[pin.name] else {
                throw broken(prefix, "`\(pin.name)` was resolved but is not there")
            }
            guard isSame(version, pin.version) else {
                throw broken(prefix, "`\(pin.name)` is \(version) where \(pin.version) was resolved")
            }
        }
    }

    private static func isSame(_ installed: String, _ pinned: String) -> Bool {
        if installed == pinned { return true }
        // Wheel names write `+` and `-` of a version as `_` and leave out zeros as they like.
        if installed.replacing("_", with: "+").lowercased() == pinned.lowercased() { return true }
        let plain = installed.prefix { $0 != "_" && $0 != "+" }
        guard let left = PythonVersion(plain), let right = PythonVersion(pinned) else { return plain.contains("!") }
        return left.isSamePublicVersion(as: right)
    }

    private static let question = """
        import sys, importlib.util
        print('%d.%d.%d' % sys.version_info[:3])
        print(importlib.util.find_spec('pip') is not None)
        sys.stdout.flush()
        import os
        os.write(1, os.fsencode(sys.prefix) + b'\\n')
        """

    private static func askPython(
        of prefix: Path, interpreter: Interpreter, context: EngineContext
    ) async throws(Diagnostic) {
        let python = prefix / "bin/python"
        let command = Command(
            executable: python, arguments: ["-I", "-c", ByteString(question)],
            environment: EngineEnvironment(context).values, workingDirectory: context.temporary,
            writable: [context.temporary])
        let result = await context.runner.run(command, onLine: context.log)
        if let unfinished = Diagnostic.unfinished(result, "check", prefix.description, program: python) {
            throw unfinished
        }
        let lines = ByteString(result.standardOutput).split(separator: UInt8(ascii: "\n"))
        guard result.succeeded, lines.count >= 3 else {
            let said = String(decoding: result.standardError, as: UTF8.self).split(separator: "\n").last
            throw broken(prefix, said.map { "its python says \($0)" } ?? "its python does not start")
        }
        let version = lines[0].description
        guard interpreter.version == version || interpreter.version.hasPrefix(version) else {
            throw broken(prefix, "its python is \(version) where \(interpreter.version) was chosen")
        }
        // An index without pip leaves none there.
        guard lines[1] == "True" || SitePackages.distributions(in: prefix)["pip"] == nil else {
            throw broken(prefix, "pip is missing")
        }
        let own = try telling { () throws(SystemError) in try FileSystem.canonical(prefix) }
        let its = try? FileSystem.canonical(Path(lines[2]))
        guard its == own else { throw broken(prefix, "its python takes `\(lines[2])` for its prefix") }
    }

    private static func broken(_ prefix: Path, _ cause: String) -> Diagnostic {
        Diagnostic("could not verify `\(prefix)`: \(cause)", hint: "`envd build` makes the environment anew")
    }
}

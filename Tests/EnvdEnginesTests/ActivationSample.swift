import EnvdCore
import EnvdEngines
import EnvdSystem
import EnvdTestSupport
import Synchronization
import Testing

/// A prefix with nothing in it but what activation reads, and a bash that does by hand what conda does.
final class ActivationSample: Sendable {
    static let name: ByteString = "demo"
    static let modifier: ByteString = "(demo) "

    let directory: TemporaryDirectory
    let prefix: Path
    private let lines = Mutex<[String]>([])

    /// What went to the build's log.
    var said: [String] { lines.withLock { $0 } }

    /// - Parameter files: below the prefix.
    init(_ files: [String: String] = [:]) throws {
        directory = try TemporaryDirectory("activation")
        prefix = directory.path / "env"
        try FileSystem.makeDirectories(prefix / "bin")
        for (name, text) in files { try directory.write("env/\(name)", text) }
    }

    convenience init(scripts: KeyValuePairs<String, String>) throws {
        try self.init(
            Dictionary(uniqueKeysWithValues: scripts.map { ("etc/conda/activate.d/\($0.key).sh", $0.value) }))
    }

    func context(runner: any CommandRunner = PlainCommandRunner()) throws -> EngineContext {
        EngineContext(
            userEnvironment: ["USER": "somebody", "SECRET": "hush"], home: directory.path / "home",
            cache: directory.path / "cache", temporary: directory.path / "scratch",
            engines: directory.path / "engines", runner: runner,
            log: { line in self.lines.withLock { $0.append(line) } })
    }

    func record(
        limit: Duration = .seconds(120), runner: any CommandRunner = PlainCommandRunner()
    ) async throws -> CondaActivation {
        try await CondaActivation.record(
            prefix, name: Self.name, promptModifier: Self.modifier, limit: limit, context: context(runner: runner))
    }

    /// The environment after conda's variables and scripts, in a shell that has `outside`.
    ///
    /// - Parameters:
    ///   - variables: of env_vars.d and state.
    ///   - leavingOut: names of scripts.
    func byHand(
        _ outside: [ByteString: ByteString], variables: [ByteString: ByteString] = [:], leavingOut: Set<String> = []
    ) async throws -> [ByteString: ByteString] {
        var environment = outside.merging(variables) { $1 }
        environment["PATH"] = (prefix / "bin").bytes + ":" + (outside["PATH"] ?? Self.path)
        environment["CONDA_PREFIX"] = prefix.bytes
        environment["CONDA_DEFAULT_ENV"] = Self.name
        environment["CONDA_PROMPT_MODIFIER"] = Self.modifier
        environment["CONDA_SHLVL"] = "1"
        for name in Self.hidden { environment[name] = variables[name] }
        let program = """
            activate() {
                for script in "${scripts[@]}"; do . "$script"; done
            }
            scripts=("$@")
            activate activate demo >/dev/null 2>&1
            unset scripts script
            /usr/bin/env -0
            """
        let folder = prefix / "etc/conda/activate.d"
        let scripts = ((try? FileSystem.list(folder)) ?? [])
            .filter { $0.description.hasSuffix(".sh") && !leavingOut.contains($0.description) }.map {
                folder.appending(Path($0)).bytes
            }
        let result = await PlainCommandRunner().run(
            Command(
                executable: "/bin/bash",
                arguments: ["--noprofile", "--norc", "-c", ByteString(program), "bash"] + scripts,
                environment: environment, workingDirectory: "/", writable: nil), onLine: { _ in })
        try #require(result.succeeded, "\(String(decoding: result.standardError, as: UTF8.self))")
        var after: [ByteString: ByteString] = [:]
        for entry in ByteString(result.standardOutput).split(separator: 0) {
            guard let equals = entry.bytes.firstIndex(of: UInt8(ascii: "=")) else { continue }
            after[ByteString(entry.bytes[..<equals])] = ByteString(entry.bytes[(equals + 1)...])
        }
        for name in ["_", "PWD", "OLDPWD", "SHLVL", "CONDA_SHLVL"] as [ByteString] { after[name] = nil }
        return after
    }

    static let path: ByteString = "/usr/local/bin:/usr/bin:/bin"
    static let hidden: [ByteString] = ["PYTHONHOME", "VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT"]

    /// What a shell makes of a delta.
    static func apply(_ delta: Delta, to outside: [ByteString: ByteString]) -> [ByteString: ByteString] {
        var result = outside
        if result["PATH"] == nil { result["PATH"] = path }
        for removal in delta.removals { result[ByteString(removal.text)] = nil }
        for item in delta.extensions {
            result[ByteString(item.variable.text)] = item.value(outside: outside[ByteString(item.variable.text)])
        }
        for assignment in delta.assignments { result[ByteString(assignment.variable.text)] = assignment.value }
        for (list, isFront) in delta.additions.map({ ($0, true) }) + delta.appendices.map({ ($0, false) }) {
            let name = ByteString(list.variable.text)
            let old = result[name].map { elements($0) } ?? []
            result[name] = joined(
                isFront ? list.entries + old : old + list.entries.filter { !old.contains($0) })
        }
        return result
    }

    static func elements(_ list: ByteString) -> [ByteString] { list.split(separator: 0x3A).filter { !$0.isEmpty } }
    static func joined(_ entries: [ByteString]) -> ByteString {
        ByteString(Array(entries.map(\.bytes).joined(separator: [0x3A])))
    }
}

extension Delta {
    func assigned(_ name: String) -> ByteString? { recorded.assignments.first { $0.variable.text == name }?.value }
    func added(_ name: String) -> [ByteString]? { recorded.additions.first { $0.variable.text == name }?.entries }
    func appended(_ name: String) -> [ByteString]? { recorded.appendices.first { $0.variable.text == name }?.entries }
    func extended(_ name: String) -> Extension? { recorded.extensions.first { $0.variable.text == name } }
    func hides(_ name: String) -> Bool { recorded.removals.contains { $0.text == name } }
    func mentions(_ name: String) -> Bool {
        assigned(name) != nil || added(name) != nil || appended(name) != nil || extended(name) != nil || hides(name)
    }
}

package import EnvdCore
internal import EnvdSystem

/// uv (<https://docs.astral.sh/uv/>), driven by its command line.
///
/// Every call names its Python, works in the build's scratch directory (never in the project, whose `.venv`
/// and `.python-version` would be run) and still reads the project's settings, by `--project`.
package struct UvEngine: PythonEngine {
    /// Absolute.
    package let executable: Path
    package let version: String
    package var name: String { "uv" }

    package init(executable: Path, version: String) {
        self.executable = executable
        self.version = version
    }

    /// The environment of every call.
    ///
    /// UV_PROJECT_ENVIRONMENT names nothing, so that a project's own `.venv` is never run.
    package static func environment(_ context: EngineContext) -> EngineEnvironment {
        var environment = EngineEnvironment(context)
        environment.remove([
            "UV_PYTHON", "UV_PROJECT", "UV_WORKING_DIR", "UV_WORKING_DIRECTORY", "UV_FROZEN", "UV_LOCKED",
            "UV_SYSTEM_PYTHON", "UV_REQUIRE_HASHES", "UV_NO_VERIFY_HASHES", "UV_NO_CACHE", "UV_VENV_SEED",
            "UV_VENV_CLEAR", "UV_VENV_RELOCATABLE", "UV_CUSTOM_COMPILE_COMMAND", "UV_OUTPUT_FORMAT",
            "UV_NO_SYNC", "UV_NO_EDITABLE", "UV_NO_DEV", "UV_DEV", "UV_NO_DEFAULT_GROUPS", "UV_NO_GROUP",
            "UV_ISOLATED", "UV_NO_SOURCES",
        ])
        environment["UV_CACHE_DIR"] = (context.cache / "uv").bytes
        environment["UV_NO_PROGRESS"] = "1"
        environment["NO_COLOR"] = "1"
        environment["UV_PROJECT_ENVIRONMENT"] = (context.temporary / "no-project-environment").bytes
        return environment
    }

    private static let localCommands: [ByteString] = ["export", "cache"]

    /// Runs one uv command to its end, with its words in the build's log; offline, with its words only where it
    /// succeeds, for what the cache lacks is asked for next and is no error.
    ///
    /// - Parameters:
    ///   - directory: where it works, else in the scratch directory.
    ///   - variables: beside those that every call has.
    ///   - isLocal: whether what it works on lies on this machine: it waits for no turn to download.
    func run(
        _ arguments: [ByteString], writable: [Path], context: EngineContext, in directory: Path? = nil,
        with variables: [ByteString: ByteString] = [:], isLocal: Bool = false
    ) async -> CommandResult {
        let command = Command(
            executable: executable, arguments: Self.named(arguments, scratch: context.temporary),
            environment: Self.environment(context).values.merging(variables) { $1 },
            workingDirectory: directory ?? context.temporary,
            // Of a project's directories that uv is shown copies of, backends write beside those.
            writable: [context.cache, context.temporary] + (context.snapshot.map { [$0.top] } ?? []) + writable)
        let words = arguments.prefix { !$0.bytes.starts(with: [UInt8(ascii: "-")]) }.prefix(2)
        context.log("uv " + words.map(\.description).joined(separator: " "))
        let listener = UvListener(context)
        guard arguments.contains("--offline") else {
            let onLine: @Sendable (String) -> Void = { line in
                context.log(line)
                listener.hear(line)
            }
            return isLocal || arguments.first.map { Self.localCommands.contains($0) } ?? false
                ? await context.runner.run(command, onLine: onLine) : await context.fetch(command, onLine: onLine)
        }
        let result = await context.runner.run(command, onLine: { listener.hear($0) })
        if result.succeeded {
            String(decoding: result.standardError, as: UTF8.self).split(separator: "\n").forEach {
                context.log(String($0))
            }
        } else if result.wantsNetwork {
            context.log("not all of it is in the cache: asking the index")
        }
        return result
    }
}

/// What the calls of one build share.
struct UvBuild: Sendable {
    let engine: UvEngine
    let layer: PythonLayer
    /// What uv is pointed at: the project's root, or a copy of it.
    let root: Path
    let interpreter: Interpreter
    var context: EngineContext
    /// Where the manifest is that failures are about, when uv is pointed elsewhere.
    var project: Path?

    var manifest: Path { (project ?? root).appending(layer.manifest) }
    /// How messages name the manifest.
    var object: String { layer.manifest.description }

    /// Options that every call about the project has.
    var common: [ByteString] { ["--project", settings.bytes, "--python", interpreter.path.bytes] }

    /// Where uv finds the settings of the project.
    var settings: Path { context.place(of: root) }

    func run(
        _ arguments: [ByteString], writable: [Path] = [], in directory: Path? = nil,
        with variables: [ByteString: ByteString] = [:], isLocal: Bool = false
    ) async -> CommandResult {
        await engine.run(
            arguments, writable: writable, context: context, in: directory, with: variables, isLocal: isLocal)
    }

    /// The failure of a command as a person has to know it.
    ///
    /// - Parameters:
    ///   - manifest: what it is about, else the layer's.
    ///   - directory: where the command worked, else in the scratch directory.
    func diagnostic(
        _ result: CommandResult, _ verb: String, _ object: String, manifest: Path? = nil, in directory: Path? = nil
    ) -> Diagnostic {
        Diagnostic.unfinished(result, verb, object, program: engine.executable)
            ?? UvFailure(result.standardError).diagnostic(
                verb, object, manifest: manifest ?? self.manifest, workingDirectory: directory ?? context.temporary)
    }

    /// Writes a file of the build's own and gives its path.
    func write(_ name: String, _ text: String) throws(Diagnostic) -> Path {
        let file = context.temporary / name
        try telling { () throws(SystemError) in try FileSystem.replace(file, with: Array(text.utf8)) }
        return file
    }
}

extension CommandResult {
    /// Whether there is no pip where uv was told to look.
    var lacksPip: Bool { String(decoding: standardError, as: UTF8.self).contains("pip was not found") }

    /// Whether the index was asked for pip, and has none.
    var hasIndexWithoutPip: Bool {
        let text = String(decoding: standardError, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        return text.joined(separator: " ").contains("pip was not found in the package registry")
    }

    /// Whether an offline try failed for want of something in uv's cache.
    var wantsNetwork: Bool {
        let text = String(decoding: standardError, as: UTF8.self).lowercased()
        // For a line with a marker uv does not say that it was the network.
        return ["network was disabled", "network connectivity is disabled", "no solution found when resolving"]
            .contains { text.contains($0) }
    }
}

internal import EnvdCore
internal import EnvdSystem

/// A virtual environment with nothing in it, for tools that want to know which Python they lock for.
enum EmptyEnvironment {
    /// Makes it in place of whatever is there.
    ///
    /// - Returns: `place`.
    static func make(
        _ place: Path, _ interpreter: Interpreter, _ context: EngineContext
    ) async throws(Diagnostic) -> Path {
        try telling { () throws(SystemError) in try FileSystem.remove(place) }
        let command = Command(
            executable: interpreter.path, arguments: ["-I", "-m", "venv", "--without-pip", place.bytes],
            environment: EngineEnvironment(context).values, workingDirectory: context.temporary,
            writable: [context.temporary])
        let result = await context.runner.run(command, onLine: context.log)
        guard result.succeeded else {
            throw Diagnostic.unfinished(result, "make", "environment", program: interpreter.path)
                ?? Diagnostic(
                    "could not make `environment`: `\(interpreter.path) -m venv` failed",
                    hint: "install the venv module (Debian: the package python3-venv)")
        }
        return place
    }
}

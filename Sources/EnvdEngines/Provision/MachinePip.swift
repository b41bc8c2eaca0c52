package import EnvdCore
internal import EnvdSystem

/// The machine's own Python and pip, which belong to no project.
package struct MachinePip: Sendable {
    /// Projects and the tree of generations.
    package let excluding: [Path]

    package init(excluding: [Path]) { self.excluding = excluding }

    /// The first `python3` on PATH that runs, with pip or without.
    package func python(_ context: EngineContext) async -> Path? {
        let probe = InterpreterProbe(context: context, excluding: excluding)
        for directory in probe.searchPath {
            let program = directory / "python3"
            if FileSystem.isExecutable(program), let found = await probe.ask(program) { return found.path }
        }
        return nil
    }

    /// The machine's Python with the version of its pip; nil where it has neither pip nor the venv module.
    package func engine(_ context: EngineContext) async -> PipEngine? {
        guard let python = await python(context) else { return nil }
        let question = """
            import importlib.util as u
            try:
                import pip
                print(pip.__version__)
            except ImportError:
                import ensurepip, venv
                print(ensurepip.version())
            """
        let command = Self.command(python, ["-I", "-c", ByteString(question)], context: context, writable: [])
        let result = await context.runner.run(command, onLine: { _ in })
        guard result.succeeded else { return nil }
        let version = String(decoding: result.standardOutput, as: UTF8.self).trimmed
        return version.isEmpty ? nil : PipEngine(python: python, version: String(version))
    }

    static func command(
        _ python: Path, _ arguments: [ByteString], context: EngineContext, writable: [Path]
    ) -> Command {
        Command(
            executable: python, arguments: arguments, environment: PipEngine.environment(context).values,
            workingDirectory: context.temporary, writable: [context.cache, context.temporary] + writable)
    }
}

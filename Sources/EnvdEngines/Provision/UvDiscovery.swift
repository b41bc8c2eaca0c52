package import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// Looks for uv: on the user's PATH, and the copy that envd installed.
package struct UvDiscovery: Sendable {
    /// A uv that was found, whether it will do or not.
    package struct Found: Hashable, Sendable {
        package var path: Path
        package var version: String

        /// Whether it has every option that is used here.
        package var isNewEnough: Bool {
            guard let own = PythonVersion(version), let oldest = PythonVersion(EngineCatalogue.oldestUv) else {
                return false
            }
            return own >= oldest
        }
    }

    package let context: EngineContext
    /// Projects and the tree of generations: no uv there is ever run.
    package let excluding: [Path]

    package init(context: EngineContext, excluding: [Path]) {
        self.context = context
        self.excluding = excluding
    }

    /// The first uv on the user's PATH that belongs to no project and no generation. A virtual environment's own
    /// directory is not looked into; a link into one is followed, for pipx and `uv tool` install that way.
    package func onPath() async -> Found? {
        let probe = InterpreterProbe(context: context, excluding: excluding)
        for directory in probe.searchPath {
            let program = directory / "uv"
            guard FileSystem.isExecutable(program), let real = try? FileSystem.canonical(program),
                !probe.isExcluded(real), !real.isWithin(context.engines)
            else { continue }
            if let found = await ask(program) { return found }
        }
        return nil
    }

    /// envd's own copy of the pinned version.
    package func own() async -> Found? {
        let program = context.engines / "\(EngineCatalogue.uv.directoryName)/bin/uv"
        return FileSystem.isExecutable(program) ? await ask(program) : nil
    }

    /// `uv --version` says `uv 0.13.8 (…)`.
    func ask(_ program: Path) async -> Found? {
        let command = Command(
            executable: program, arguments: ["--version"], environment: UvEngine.environment(context).values,
            workingDirectory: context.temporary, writable: [context.cache, context.temporary])
        let answer = await context.memory.answer(of: program, to: "--version") {
            let result = await context.runner.run(command, onLine: { _ in })
            return result.succeeded ? result.standardOutput : nil
        }
        let words = String(decoding: answer ?? [], as: UTF8.self).split { $0.isWhitespace }
        guard words.count >= 2, words[0] == "uv", PythonVersion(words[1]) != nil else { return nil }
        return Found(path: program, version: String(words[1]))
    }
}

package import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// Looks for a tool written in Python: on the user's PATH, and the copy that envd installed.
package struct PythonToolDiscovery: Sendable {
    /// A copy that was found, whether it will do or not.
    package struct Found: Hashable, Sendable {
        package var tool: EngineCatalogue.PythonTool
        /// Absolute.
        package var executable: Path
        /// What comes before the tool's own arguments: envd's copy is a module of its environment's Python, for
        /// the scripts there name the directory in which they were made.
        package var leading: [ByteString]
        package var version: String

        package init(
            tool: EngineCatalogue.PythonTool, executable: Path, leading: [ByteString] = [], version: String
        ) {
            self.tool = tool
            self.executable = executable
            self.leading = leading
            self.version = version
        }

        /// Whether it has every option that is used here.
        package var isNewEnough: Bool {
            guard let own = PythonVersion(version), let oldest = PythonVersion(tool.oldest) else { return false }
            return own >= oldest
        }
    }

    package let tool: EngineCatalogue.PythonTool
    package let context: EngineContext
    /// Projects and the tree of generations: no tool there is ever run.
    package let excluding: [Path]

    package init(_ tool: EngineCatalogue.PythonTool, context: EngineContext, excluding: [Path]) {
        self.tool = tool
        self.context = context
        self.excluding = excluding
    }

    /// The first copy on the user's PATH that belongs to no project and no generation, as with uv: pipx and
    /// `uv tool` link theirs into a directory of PATH.
    package func onPath() async -> Found? {
        guard tool.probe == nil else { return nil }
        let probe = InterpreterProbe(context: context, excluding: excluding)
        for directory in probe.searchPath {
            let program = directory / tool.name
            guard FileSystem.isExecutable(program), let real = try? FileSystem.canonical(program),
                !probe.isExcluded(real), !real.isWithin(context.engines)
            else { continue }
            if let found = await ask(program, leading: []) { return found }
        }
        return nil
    }

    /// envd's own copy of the pinned version.
    package func own() async -> Found? { await ask(environment: context.engines / tool.directoryName) }

    /// The tool in a virtual environment of its own.
    func ask(environment: Path) async -> Found? {
        let python = environment / "bin/python"
        guard FileSystem.isExecutable(python) else { return nil }
        if let probe = tool.probe {
            // It is asked before every build, and takes as long as a whole solve.
            let stamp = SitePackages.directory(of: environment).map { ProbeMemory.stamp(of: $0) } ?? ""
            let version = await context.memory.answer(of: python, to: ByteString(tool.directoryName + " ") + stamp) {
                let found = await ask(python, leading: ["-I"], question: ["-c", ByteString(probe)])
                return found.map { Array($0.version.utf8) }
            }
            return version.map {
                Found(tool: tool, executable: python, leading: ["-I"], version: String(decoding: $0, as: UTF8.self))
            }
        }
        return await ask(python, leading: ["-I", "-m", ByteString(tool.name)])
    }

    /// `Poetry (version 2.5.1)`, `pipenv, version 2026.0`: the first word that is a version.
    private func ask(
        _ program: Path, leading: [ByteString], question: [ByteString] = ["--version"]
    ) async -> Found? {
        let command = Command(
            executable: program, arguments: leading + question, environment: EngineEnvironment(context).values,
            workingDirectory: context.temporary, writable: [context.cache, context.temporary])
        let result = await context.runner.run(command, onLine: { _ in })
        let words = String(decoding: result.standardOutput, as: UTF8.self).split {
            $0.isWhitespace || "(),".contains($0)
        }
        guard result.succeeded,
            let version = words.first(where: { $0.first?.isNumber == true && PythonVersion($0) != nil })
        else { return nil }
        return Found(tool: tool, executable: program, leading: leading, version: String(version))
    }
}

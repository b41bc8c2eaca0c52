package import EnvdCore
internal import EnvdSystem

extension EngineInstaller {
    /// Installs an engine by the name that `EngineCatalogue.names` has for it.
    ///
    /// - Throws: why it could not be had, also where there is no such name.
    package func install(named name: String, _ context: EngineContext) async throws(Diagnostic) {
        if name == EngineCatalogue.uv.name {
            _ = try await installUv(context)
        } else if let tool = EngineCatalogue.tools.first(where: { $0.name == name }) {
            _ = try await install(tool, context)
        } else {
            throw Diagnostic(
                "could not install `\(name)`: envd has no copy of it to offer",
                hint: "it installs: \(EngineCatalogue.names.joined(separator: ", "))")
        }
    }

    /// A tool in a virtual environment of its own, installed where it is missing: whole or not at all, by one
    /// rename, each file held against the hashes of the catalogue.
    ///
    /// - Throws: why it could not be had.
    package func install(
        _ tool: EngineCatalogue.PythonTool, _ context: EngineContext
    ) async throws(Diagnostic) -> PythonToolDiscovery.Found {
        try await InstallationTurns.shared.run(context.engines / tool.directoryName) {
            () async throws(Diagnostic) in try await installNow(tool, context)
        }
    }

    private func installNow(
        _ tool: EngineCatalogue.PythonTool, _ context: EngineContext
    ) async throws(Diagnostic) -> PythonToolDiscovery.Found {
        let discovery = PythonToolDiscovery(tool, context: context, excluding: excluding)
        if let own = await discovery.own() { return own }
        let object = "\(tool.name) \(tool.version)"
        context.log("installing \(object) for envd itself")
        let place = try await place(tool.directoryName, context) { (staging) async throws(Diagnostic) in
            try await fill(staging, with: tool, context)
            guard let found = await discovery.ask(environment: staging), found.version == tool.version else {
                throw Diagnostic("could not install `\(object)`: it does not run on this machine")
            }
        }
        guard let found = await discovery.ask(environment: place) else {
            throw Diagnostic("could not install `\(object)`: it does not run from `\(place)`")
        }
        return found
    }

    private func fill(
        _ environment: Path, with tool: EngineCatalogue.PythonTool, _ context: EngineContext
    ) async throws(Diagnostic) {
        let selection = try await EngineSelector(excluding: excluding).select(context)
        let interpreter = try await InterpreterFinder(uv: selection.uv, excluding: excluding).find(
            requiresPython: tool.requiresPython, context: context)
        let requirements = context.temporary / "\(tool.name).txt"
        try telling { () throws(SystemError) in
            try FileSystem.replace(requirements, with: Array(tool.requirements.utf8))
        }
        let object = "\(tool.name) \(tool.version)"
        let python = environment / "bin/python"
        if let uv = selection.uv {
            let steps: [[ByteString]] = [
                ["venv", "--no-project", "--python", interpreter.path.bytes, environment.bytes],
                // Those who run it may not write here, so its bytecode has to be there.
                [
                    "pip", "install", "--no-deps", "--only-binary", ":all:", "--require-hashes", "--compile-bytecode",
                    "--python", python.bytes, "--requirements", requirements.bytes,
                ],
            ]
            for step in steps {
                let result = await uv.run(step, writable: [context.engines], context: context)
                if result.succeeded { continue }
                throw Diagnostic.unfinished(result, "install", object, program: uv.executable)
                    ?? told(
                        UvFailure(result.standardError).diagnostic(
                            "install", object, manifest: requirements, workingDirectory: context.temporary), tool)
            }
            return
        }
        let steps: [(Path, [ByteString])] = [
            (interpreter.path, ["-I", "-m", "venv", environment.bytes]),
            (
                python,
                [
                    "-I", "-m", "pip", "install", "--no-deps", "--only-binary", ":all:", "--require-hashes", "-r",
                    requirements.bytes,
                ]
            ),
        ]
        for (program, arguments) in steps {
            let command = MachinePip.command(program, arguments, context: context, writable: [context.engines])
            let result = await context.fetch(command, onLine: context.log)
            if result.succeeded { continue }
            throw Diagnostic.unfinished(result, "install", object, program: program)
                ?? told(PipFailure(result.standardError).diagnostic("install", object, manifest: requirements), tool)
        }
    }

    /// A failure without the place in a file that nobody has.
    private func told(_ failure: Diagnostic, _ tool: EngineCatalogue.PythonTool) -> Diagnostic {
        var told = failure
        told.location = nil
        let own = tool.probe == nil ? "install \(tool.name) yourself, \(tool.oldest) or newer, or " : ""
        told.hint = "\(own)see to it that uv reaches an index"
        return told
    }
}

package import EnvdCore

/// Chooses the engine of the Python layer: the user's uv, envd's own, one installed now, at last pip.
package struct EngineSelector: Sendable {
    /// An engine, and why it was taken, as `envd status` says it.
    package struct Choice: Sendable {
        package var engine: any PythonEngine
        package var reason: String
        /// The engine as uv, which also finds interpreters; nil for pip.
        package var uv: UvEngine? { engine as? UvEngine }
    }

    /// Projects and the tree of generations: no tool there is ever run.
    package let excluding: [Path]

    package init(excluding: [Path]) { self.excluding = excluding }

    /// - Parameters:
    ///   - wanted: the engine that the project asks for; nil where any will do.
    ///   - mayInstall: whether envd's own uv may be fetched where there is none.
    /// - Throws: why no engine can be had at all.
    package func select(
        _ context: EngineContext, wanted: PythonLayer.EngineChoice? = nil, mayInstall: Bool = true
    ) async throws(Diagnostic) -> Choice {
        if wanted == .pip {
            guard let pip = await MachinePip(excluding: excluding).engine(context) else {
                throw Diagnostic(
                    "could not find an engine for `python`: the project asks for pip, and the machine has none",
                    hint: "install a python with pip and venv, or change `engine`")
            }
            return Choice(engine: pip, reason: "pip \(pip.version): the project asks for it")
        }
        let discovery = UvDiscovery(context: context, excluding: excluding)
        let onPath = await discovery.onPath()
        if let onPath, onPath.isNewEnough {
            return Choice(
                engine: UvEngine(executable: onPath.path, version: onPath.version),
                reason: "uv \(onPath.version) from PATH (\(onPath.path))")
        }
        let lack =
            onPath.map { "uv \($0.version) on PATH is older than \(EngineCatalogue.oldestUv)" } ?? "no uv on PATH"
        if let own = await discovery.own() {
            return Choice(
                engine: UvEngine(executable: own.path, version: own.version),
                reason: "envd's own uv \(own.version): \(lack)")
        }
        var reason = lack
        var needsNetwork: Bool?
        if mayInstall {
            do throws(Diagnostic) {
                let installed = try await EngineInstaller(excluding: excluding).installUv(context)
                return Choice(engine: installed, reason: "envd's own uv \(installed.version), installed now: \(lack)")
            } catch {
                if error.isCancellation { throw error }
                reason += "; \(error.message)"
                needsNetwork = error.needsNetwork
            }
        }
        if let pip = await MachinePip(excluding: excluding).engine(context) {
            return Choice(engine: pip, reason: "pip \(pip.version): \(reason)")
        }
        var told = Diagnostic(
            "could not find an engine for `python`: \(reason), and the machine has no pip",
            hint: "install uv, or a python with pip and venv")
        told.needsNetwork = needsNetwork
        throw told
    }
}

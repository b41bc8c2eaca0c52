package import EnvdCore

/// Chooses the copy of a tool written in Python: the user's, envd's own, one installed now.
package struct PythonToolSelector: Sendable {
    /// A tool, and why it was taken.
    package struct Choice: Sendable {
        package var tool: PythonToolDiscovery.Found
        package var reason: String
    }

    /// Projects and the tree of generations: no tool there is ever run.
    package let excluding: [Path]

    package init(excluding: [Path]) { self.excluding = excluding }

    /// - Parameter mayInstall: whether envd's own copy may be fetched where there is none.
    /// - Throws: why the tool cannot be had.
    package func select(
        _ tool: EngineCatalogue.PythonTool, _ context: EngineContext, mayInstall: Bool = true
    ) async throws(Diagnostic) -> Choice {
        let discovery = PythonToolDiscovery(tool, context: context, excluding: excluding)
        let onPath = await discovery.onPath()
        if let onPath, onPath.isNewEnough {
            return Choice(
                tool: onPath, reason: "\(tool.name) \(onPath.version) from PATH (\(onPath.executable))")
        }
        let lack =
            onPath.map { "\(tool.name) \($0.version) on PATH is older than \(tool.oldest)" }
            ?? (tool.probe == nil ? "no \(tool.name) on PATH" : "envd has to bring its own")
        if let own = await discovery.own() {
            return Choice(tool: own, reason: "envd's own \(tool.name) \(own.version): \(lack)")
        }
        guard mayInstall else {
            throw Diagnostic("could not find `\(tool.name)`: \(lack)", hint: "envd engines install \(tool.name)")
        }
        let installed = try await EngineInstaller(excluding: excluding).install(tool, context)
        return Choice(
            tool: installed, reason: "envd's own \(tool.name) \(installed.version), installed now: \(lack)")
    }
}

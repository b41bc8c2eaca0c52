package import EnvdCore

/// Which engines the machine has, for `envd engines`.
package enum EngineInventory {
    package struct Item: Hashable, Sendable, Codable {
        /// Where an engine comes from.
        package enum Source: String, Hashable, Sendable, Codable {
            case path = "PATH"
            case envd
            case missing
        }

        package var name: String
        package var version: String?
        package var source: Source
        package var path: Path?
        /// Why it is not used, or how it could be had; nil where there is nothing to say.
        package var note: String?
    }

    /// uv on PATH, envd's own uv, and pip, in the order in which they are taken; then the tools of other formats.
    package static func list(_ context: EngineContext, excluding: [Path]) async -> [Item] {
        let discovery = UvDiscovery(context: context, excluding: excluding)
        var items: [Item] = []
        if let found = await discovery.onPath() {
            let note = found.isNewEnough ? nil : "older than \(EngineCatalogue.oldestUv): not used"
            items.append(Item(name: "uv", version: found.version, source: .path, path: found.path, note: note))
        }
        if let own = await discovery.own() {
            items.append(Item(name: "uv", version: own.version, source: .envd, path: own.path))
        }
        if items.isEmpty {
            let note = "envd installs \(EngineCatalogue.uv.version) for itself when it first needs it"
            items.append(Item(name: "uv", source: .missing, note: note))
        }
        if let pip = await MachinePip(excluding: excluding).engine(context) {
            items.append(
                Item(name: "pip", version: pip.version, source: .path, path: pip.python, note: "the last resort"))
        } else {
            items.append(Item(name: "pip", source: .missing, note: "no python3 with pip or venv on PATH"))
        }
        for tool in EngineCatalogue.tools { items += await list(tool, context, excluding: excluding) }
        return items
    }

    private static func list(
        _ tool: EngineCatalogue.PythonTool, _ context: EngineContext, excluding: [Path]
    ) async -> [Item] {
        let discovery = PythonToolDiscovery(tool, context: context, excluding: excluding)
        var items: [Item] = []
        if let found = await discovery.onPath() {
            let note = found.isNewEnough ? nil : "older than \(tool.oldest): not used"
            items.append(
                Item(name: tool.name, version: found.version, source: .path, path: found.executable, note: note))
        }
        if let own = await discovery.own() {
            items.append(
                Item(
                    name: tool.name, version: own.version, source: .envd,
                    path: context.engines / "\(tool.directoryName)/bin/\(tool.probe == nil ? tool.name : "python")"))
        }
        if items.isEmpty {
            let note = "envd installs \(tool.version) for itself when a project first needs it"
            items.append(Item(name: tool.name, source: .missing, note: note))
        }
        return items
    }
}

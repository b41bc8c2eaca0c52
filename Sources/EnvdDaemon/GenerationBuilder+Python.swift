internal import EnvdCore
internal import EnvdEngines
internal import EnvdShell

extension GenerationBuilder {
    /// A virtual environment on an interpreter of the machine.
    func planPython(_ site: Site) async throws -> Plan {
        let (order, context) = (site.order, site.context)
        let (layer, root) = (order.spec.python, order.project.root)
        site.phases.begin("getting the engine ready")
        let selector = EngineSelector(excluding: site.excluding)
        let selection = try await selector.select(context, wanted: layer.engine)
        let engine = selector.engine(for: layer, by: selection)
        log.write("engine: \(selection.engine.name) \(selection.engine.version) (\(selection.reason))")
        site.phases.begin("looking for a python")
        let interpreter = try await InterpreterFinder(uv: selection.uv, excluding: site.excluding).find(
            requiresPython: layer.requiresPython, saidAt: Self.wish(for: layer, in: root), context: context)
        log.write("python: \(interpreter.version) (\(interpreter.path))")

        site.phases.begin("resolving")
        let resolution = try await engine.resolve(
            layer, root: root, interpreter: interpreter,
            preferring: order.preferring.flatMap { Self.resolution(in: $0.prefix) }?.forgetting(order.forgetting),
            context: context)
        site.onStaleLock(resolution.staleLock)
        return Plan(engine: Self.shown(selection.engine, wanted: layer.engine), interpreter: interpreter) { prefix in
            try await engine.install(
                resolution, layer: layer, root: root, name: order.spec.name.promptText, interpreter: interpreter,
                into: prefix,
                context: context)
            return Contents(resolution: resolution, interpreter: interpreter) { prefix, libraries in
                (try PythonPrefix.delta(prefix: prefix, name: order.spec.name.promptText, libraries: libraries), nil)
            }
        }
    }
}

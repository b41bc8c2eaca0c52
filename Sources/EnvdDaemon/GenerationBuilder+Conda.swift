internal import EnvdControl
internal import EnvdCore
internal import EnvdEngines
internal import EnvdPackaging
internal import EnvdShell
internal import EnvdStore
internal import EnvdSystem

extension GenerationBuilder {
    /// A prefix of conda's: its packages first, then those of Python on top.
    func planConda(_ layer: CondaLayer, _ site: Site) async throws -> Plan {
        let written = layer.format == .environment ? layer.asking(forPython: site.order.spec.python) : layer
        let (order, context) = (site.order, site.context)
        let (root, settings) = (order.project.root, order.conda)
        site.phases.begin("getting the engine ready")
        let choice = try await PythonToolSelector(excluding: site.excluding).select(EngineCatalogue.rattler, context)
        let rattler = RattlerEngine(choice.tool)
        log.write("engine: rattler \(rattler.version) (\(choice.reason))")
        let pythonLayers = Self.pythonLayers(order.spec, written)
        var uv: UvEngine?
        if !pythonLayers.isEmpty {
            let selection = try await EngineSelector(excluding: site.excluding).select(
                context, wanted: order.spec.python.engine)
            guard let found = selection.uv else {
                throw Diagnostic(
                    "could not install `\(order.spec.python.manifest)`: on top of conda's packages only uv installs",
                    at: .init(file: root.appending(order.spec.python.manifest)),
                    hint: "install uv; here it was \(selection.reason)")
            }
            log.write("engine: uv \(found.version) (\(selection.reason))")
            uv = found
        }

        site.phases.begin("solving")
        let answer = await driver.answer(context)
        if let trouble = answer.trouble { log.write("driver: \(trouble)") }
        let machine = try await rattler.machine(
            cuda: answer.driver?.version.description, cudaArchitecture: answer.driver?.capability, context: context)
        log.write("machine: \(machine.packages.map { "\($0.name)=\($0.version)" }.joined(separator: " "))")
        let resolution: CondaResolution
        let earlier = order.preferring.flatMap { Self.earlier(in: $0.prefix) }
        if let earlier, earlier.layer == layer, earlier.python == order.spec.python.requiresPython,
            order.forgetting.isEmpty
        {
            log.write("the same conda packages are asked for: they stay as they are")
            resolution = earlier.resolution
        } else {
            // What fits a machine without a driver fits one with it, and is not what is wanted there.
            let isOtherDriver = earlier.map { $0.layer.driver != written.driver } ?? false
            let preferring = isOtherDriver ? nil : earlier?.resolution
            resolution = try await rattler.solveWithPip(
                written, root: root, machine: machine, settings: settings,
                preferring: preferring?.forgetting(order.forgetting), needsPython: !pythonLayers.isEmpty,
                context: context)
        }
        let engine = "rattler \(rattler.version)" + (uv.map { " and uv \($0.version)" } ?? "")
        return Plan(engine: engine) { [uv] prefix in
            let phases = site.phases
            let installation = try await rattler.install(
                resolution, layer: written, root: root, settings: settings, into: prefix, context: context
            ) { step in
                let progress = BuildProgress(
                    package: step.package, done: step.total > 0 ? step.done : nil,
                    total: step.total > 0 ? step.total : nil, doneBytes: step.doneBytes, totalBytes: step.totalBytes)
                switch step.phase {
                case .solve: break
                case .wait: phases.say("waiting for another build that fetches \(step.package)", BuildProgress())
                case .begin, .fetch: phases.say("downloading", progress)
                case .link: phases.say("linking", progress)
                }
            }
            let conda = CondaPrefix(prefix)
            try conda.complete(variables: written.variables)
            try Task.checkCancellation()
            var python = Resolution(hashed: "", unhashed: "", packages: [:])
            if let uv {
                python = try await self.install(pythonLayers, with: uv, onto: prefix, site)
            }
            let interpreter = await conda.interpreter(context: context)
            try Self.check(interpreter, for: order.spec.python, root: root)
            return Contents(resolution: python, conda: installation.resolution, interpreter: interpreter) {
                prefix, libraries in
                try await self.condaDelta(prefix, libraries, written, site)
            }
        }
    }

    /// A lock file of conda's may bring another Python than the manifest on top of it allows.
    private static func check(_ interpreter: Interpreter?, for layer: PythonLayer, root: Path) throws(Diagnostic) {
        guard layer.format != .condaPip, let interpreter, !layer.requiresPython.isEmpty,
            let wanted = VersionSpecifiers(layer.requiresPython), !wanted.contains(interpreter.version)
        else { return }
        throw Diagnostic(
            "could not install `\(layer.manifest)`: it wants Python \(layer.requiresPython.joined(separator: ",")), and conda brings \(interpreter.version)",
            at: wish(for: layer, in: root), hint: "ask for another python in the conda environment, and lock it anew")
    }

    /// The Python layer, then a `pip:` section beside it; empty ones are left out.
    private static func pythonLayers(_ spec: Spec, _ conda: CondaLayer) -> [PythonLayer] {
        var layers: [PythonLayer] = []
        if spec.python.format != .condaPip || !spec.python.requirements.isEmpty { layers.append(spec.python) }
        if let pip = conda.pip, !pip.requirements.isEmpty {
            layers.append(
                PythonLayer(
                    format: .condaPip, manifest: conda.manifest, requirements: pip.requirements,
                    constraints: pip.constraints, options: pip.options))
        }
        return layers
    }

    /// One layer after the other, each with the packages of those before as constraints.
    private func install(
        _ layers: [PythonLayer], with uv: UvEngine, onto prefix: Path, _ site: Site
    ) async throws -> Resolution {
        let (order, context) = (site.order, site.context)
        var all = Resolution(hashed: "", unhashed: "", packages: [:])
        for var layer in layers {
            site.phases.begin("resolving \(layer.manifest)")
            layer.constraints += all.constraints
            let resolution = try await uv.resolve(
                layer, root: order.project.root, onto: prefix,
                preferring: order.preferring.flatMap { Self.resolution(in: $0.prefix) }?.forgetting(order.forgetting),
                context: context)
            if let lock = resolution.staleLock { site.onStaleLock(lock) }
            try Task.checkCancellation()
            site.phases.begin("installing \(layer.manifest)")
            try await uv.install(
                resolution, layer: layer, root: order.project.root, onto: prefix, context: context)
            try Task.checkCancellation()
            all = all.adding(resolution)
        }
        return all
    }

    /// What activation changes; what counts for nothing goes into the log.
    private func condaDelta(
        _ prefix: Path, _ libraries: [Path], _ conda: CondaLayer, _ site: Site
    ) async throws -> (Delta, notes: [String]?) {
        let name = site.order.spec.name.promptText
        let modifier = conda.promptTemplate.replacing("{default_env}", with: name.description)
            .replacing("{name}", with: name.description).replacing("{prefix}", with: prefix.description)
        site.phases.begin("recording what activation changes")
        let activation = try await CondaActivation.record(
            prefix, name: name, promptModifier: ByteString(modifier), context: site.context)
        for note in activation.notes { log.write(note) }
        var delta = activation.delta
        if !libraries.isEmpty {
            delta.additions.append(.init(variable: .libraryPath, entries: libraries.map(\.bytes)))
        }
        // So that `uv run` and `uv add` mean this environment; uv is not asked for others.
        if [.pyproject, .rye].contains(site.order.spec.python.format) {
            delta.assignments.append(.init(variable: .uvProjectEnvironment, value: prefix.bytes))
        }
        return (delta, activation.notes.isEmpty ? nil : activation.notes)
    }

    /// What an older generation was made from.
    private static func earlier(
        in prefix: Path
    ) -> (layer: CondaLayer, python: [String], resolution: CondaResolution)? {
        guard let bytes = try? FileSystem.read(GenerationRecord.file(in: prefix)),
            let record = try? ControlCoding.decode(GenerationRecord.self, from: bytes),
            let layer = record.spec.conda, let resolution = condaResolution(in: prefix)
        else { return nil }
        return (layer, record.spec.python.requiresPython, resolution)
    }

    static func condaResolution(in prefix: Path) -> CondaResolution? {
        guard let bytes = try? FileSystem.read(GenerationRecord.condaResolutionFile(in: prefix)) else { return nil }
        return try? ControlCoding.decode(CondaResolution.self, from: bytes)
    }
}

extension CondaLayer {
    /// What the manifest on top says of Python is asked for, too. What only a `.python-version` says gives way to
    /// environment.yml.
    fileprivate func asking(forPython layer: PythonLayer) -> CondaLayer {
        guard !layer.requiresPython.isEmpty,
            layer.format != .condaPip || !specs.contains(where: { $0.hasPrefix("python ") })
        else { return self }
        let clauses = layer.requiresPython.map { clause in
            let isPrefix = clause.hasPrefix("==") && clause.hasSuffix(".*")
            return isPrefix
                ? String(clause.dropFirst(2)) : clause.hasPrefix("===") ? String(clause.dropFirst()) : clause
        }
        var asking = self
        asking.specs.append("python \(clauses.joined(separator: ","))")
        return asking
    }

    /// The generation of CUDA that the machine's driver has: `__cuda=12`; nil where there is none.
    fileprivate var driver: Substring? {
        machine.first { $0.hasPrefix("__cuda=") }?.prefix { $0 != "." }
    }
}

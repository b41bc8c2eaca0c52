package import EnvdCore
internal import EnvdSystem

/// rattler (<https://github.com/conda/rattler>) through py-rattler, as a process of its own.
///
/// It sees channels, specs and a cache, and neither the project nor its environments.
package struct RattlerEngine: CondaEngine {
    /// Of an environment of envd's own that has py-rattler; absolute.
    package let python: Path
    package let version: String
    package var name: String { "rattler" }

    package init(python: Path, version: String) {
        self.python = python
        self.version = version
    }

    /// The copy that envd installed, see `EngineCatalogue.rattler`.
    package init(_ found: PythonToolDiscovery.Found) { self.init(python: found.executable, version: found.version) }

    /// What the machine has; the processor's name is asked of rattler, which has archspec's table.
    ///
    /// - Parameters:
    ///   - cuda: what the driver can do, `12.4`; nil where there is none.
    ///   - cudaArchitecture: see `VirtualPackages`.
    package func machine(
        cuda: String?, cudaArchitecture: String? = nil, context: EngineContext
    ) async throws(Diagnostic) -> VirtualPackages {
        var failure: Diagnostic?
        // No machine changes its processor while a daemon lives.
        let processor = await context.memory.answer(for: ByteString("archspec \(version)")) {
            do throws(Diagnostic) {
                let answer = try await driver(context).run(["do": .text("machine")])
                guard case .result(let table) = answer else { throw told(answer, "ask", "rattler", at: nil) }
                return Array((table["archspec"]?.text ?? "").utf8)
            } catch {
                failure = error
                return nil
            }
        }
        if let failure { throw failure }
        let name = processor.map { String(decoding: $0, as: UTF8.self) } ?? ""
        return VirtualPackages(
            kernel: VirtualPackages.kernel, glibc: VirtualPackages.glibc, microarchitecture: name.isEmpty ? nil : name,
            cuda: cuda, cudaArchitecture: cudaArchitecture, environment: context.userEnvironment)
    }

    package func solve(
        _ layer: CondaLayer, root: Path, machine: VirtualPackages, settings: CondaOptions,
        preferring: CondaResolution?, context: EngineContext
    ) async throws(Diagnostic) -> CondaResolution {
        guard layer.format == .environment else { return try locked(layer, root: root) }
        context.log("rattler solve")
        let request: [String: CanonicalValue] = [
            "do": .text("solve"), "platform": .text(VirtualPackages.platform),
            "channels": .list(layer.channels.map { .text(IndexOptions.expanded($0, context.userEnvironment)) }),
            "channel_priority": .text(layer.channelPriority.rawValue),
            "specs": .list(layer.specs.map { .text(Self.withAddress($0, channels: layer.channels)) }),
            "virtual_packages": .list(
                machine.packages.map {
                    .table(["name": .text($0.name), "version": .text($0.version), "build": .text($0.build)])
                }),
            "preferred": .list((preferring?.records ?? []).filter { $0.details != nil }.map(\.request)),
        ]
        var answer = try await driver(context).run(request, settings: settings, isFetch: !settings.isOffline)
        if case .failure(let failure) = answer, failure.isNetwork, !settings.isOffline {
            var cached = settings
            cached.isOffline = true
            let again = try await driver(context).run(request, settings: cached)
            if case .result = again {
                context.log("the channels cannot be reached: solved with what they said before")
                answer = again
            }
        }
        guard case .result(let table) = answer else {
            throw told(answer, "resolve", layer.manifest.description, at: root.appending(layer.manifest))
        }
        return try resolution(table, layer)
    }

    package func install(
        _ resolution: CondaResolution, layer: CondaLayer, root: Path, settings: CondaOptions, into prefix: Path,
        context: EngineContext, progress: @escaping @Sendable (CondaProgress) -> Void
    ) async throws(Diagnostic) -> CondaInstallation {
        // Only what exists can be confined to.
        try telling { () throws(SystemError) in try FileSystem.makeDirectories(prefix, mode: 0o755) }
        context.log("rattler install: \(resolution.records.count) packages")
        var settings = settings
        let missing = driver(context).missing(of: resolution)
        let size = missing.compactMap { $0.details?["size"]?.integer }.reduce(0, +)
        // What is unpacked takes more than its archive: twice that at the least.
        try DiskRoom(context).require(ByteSize(bytes: Int64(size) * 2), for: layer.manifest.description)
        // The largest packages have gigabytes.
        settings.patience *= 20
        let answer = try await driver(context).run(
            [
                "do": .text("install"), "platform": .text(resolution.platform), "prefix": .text(prefix.description),
                "records": .list(resolution.records.map(\.request)),
                "specs": .list(layer.specs.map { .text(Self.withAddress($0, channels: layer.channels)) }),
            ], settings: settings, writable: [prefix], isFetch: !missing.isEmpty
        ) { step in
            switch step.phase {
            case .wait: context.log("waiting for another build that fetches \(step.package)")
            case .fetch: context.log("fetched \(step.package) (\(step.done) of \(step.total))")
            case .solve, .begin, .link: break
            }
            progress(step)
        }
        guard case .result(let table) = answer else {
            throw told(answer, "install", layer.manifest.description, at: root.appending(layer.manifest))
        }
        let installation = CondaInstallation(
            resolution: try self.resolution(table, layer),
            linkScripts: table["scripts"]?.list?.compactMap(\.text) ?? [], ranLinkScripts: settings.runsLinkScripts,
            clobbered: table["clobbered"]?.list?.compactMap(\.text) ?? [], fetched: table["fetched"]?.integer ?? 0)
        if !installation.linkScripts.isEmpty, !settings.runsLinkScripts {
            context.log("post-link scripts that were not run: \(installation.linkScripts.joined(separator: ", "))")
        }
        if !installation.clobbered.isEmpty {
            context.log("files of more than one package: \(installation.clobbered.joined(separator: ", "))")
        }
        return installation
    }

    private func driver(_ context: EngineContext) -> RattlerDriver { RattlerDriver(python: python, context: context) }

    private func resolution(
        _ table: [String: CanonicalValue], _ layer: CondaLayer
    ) throws(Diagnostic) -> CondaResolution {
        let values = table["records"]?.list ?? []
        let records = values.compactMap { CondaResolution.Record($0) }
        guard records.count == values.count else {
            throw Diagnostic("could not read `\(layer.manifest)`: rattler names a package without a version")
        }
        return CondaResolution(platform: VirtualPackages.platform, records: records)
    }

    /// The packages of a lock file, exactly.
    private func locked(_ layer: CondaLayer, root: Path) throws(Diagnostic) -> CondaResolution {
        var records: [CondaResolution.Record] = []
        for package in layer.packages {
            guard let record = CondaResolution.Record(package) else {
                throw Diagnostic(
                    "could not read `\(layer.manifest)`: `\(Redaction()(package.url))` is no conda package",
                    at: .init(file: root.appending(layer.manifest)))
            }
            records.append(record)
        }
        return CondaResolution(platform: VirtualPackages.platform, records: records)
    }

    /// rattler takes a bare `channel::` for a channel of its own default server: the layer's addresses say more.
    static func withAddress(_ spec: String, channels: [String]) -> String {
        guard let mark = spec.firstRange(of: "::") else { return spec }
        let name = spec[..<mark.lowerBound]
        guard !name.contains("://"), let channel = channels.first(where: { $0.hasSuffix("/" + name) }) else {
            return spec
        }
        return channel + spec[mark.lowerBound...]
    }

    private func told(_ answer: RattlerDriver.Answer, _ verb: String, _ object: String, at manifest: Path?)
        -> Diagnostic
    {
        switch answer {
        case .failure(let failure): return failure.diagnostic(verb, object, manifest: manifest)
        case .unfinished(let result):
            if let unfinished = Diagnostic.unfinished(result, verb, object, program: python) { return unfinished }
            let said = String(decoding: result.standardError, as: UTF8.self).split(separator: "\n").last
            return Diagnostic("could not \(verb) `\(object)`: rattler said \(said.map { "\"\($0)\"" } ?? "nothing")")
        case .result: return Diagnostic("could not \(verb) `\(object)`: rattler gave no answer")
        }
    }
}

internal import EnvdCore
internal import EnvdEngines
internal import EnvdLoop
internal import EnvdManifest
internal import EnvdStore
internal import EnvdSystem

/// What went wrong and what is right again: remembered, and told to the shells.
extension ProjectSupervisor {
    /// Whoever watches is told how the project stands now, where that is news.
    func statusChanged() { context.onStatus(project.id) }

    func publish() {
        statusChanged()
        guard project.trust == .allowed, !hasQuit else { return }
        context.publisher.publish(answer)
    }

    /// - Parameters:
    ///   - key: of the spec that it is about; nil where there was none to build.
    ///   - inputs: what was built from, where a build failed.
    func report(_ diagnostic: Diagnostic, key: Fingerprint?, inputs: [InputFile]? = nil) {
        var failed = Store.Failure(
            key: key, diagnostic: Redaction(context.shells.variables)(diagnostic), inputs: inputs.map(Self.digest),
            made: Timestamp.now)
        failure = failed
        // The next daemon tries at once: how long the pauses were is not kept.
        if diagnostic.needsNetwork == true { failed.inputs = nil }
        planRetry(failed.diagnostic, key: key)
        if key == nil { log.begin("\(diagnostic)") }
        publish()
        let (store, id) = (context.store, project.id)
        loopTask { try? await store.save(failed, for: id) }
    }

    /// Of what a build is made from, by this version of envd: another one may do better.
    static func digest(_ inputs: [InputFile]) -> Fingerprint {
        var encoding = CanonicalEncoding()
        encoding.append(Version.text)
        for input in inputs {
            encoding.append(input.path.bytes)
            encoding.append(input.content?.hex ?? "")
        }
        return Fingerprint(of: encoding.bytes)
    }

    /// Nothing is to be built: a failure is over where what it was about is current.
    func settle() {
        guard failure != nil, let key = currentKey, intactCurrent?.key == key || isPinned(at: key) else {
            return publish()
        }
        failure = nil
        context.network.end(project.id)
        publish()
        let (store, id) = (context.store, project.id)
        loopTask { try? await store.save(nil as Store.Failure?, for: id) }
    }

    private var currentKey: Fingerprint? {
        guard case .success(let spec)? = reading?.spec else { return nil }
        return Fingerprint(of: spec.canonicalEncoding)
    }

    /// Whether a generation can still be offered; by stat(2) alone.
    static func isIntact(_ generation: Generation) -> Bool {
        PrefixHealth.isIntact(prefix: generation.prefix, interpreter: generation.interpreter)
    }
}

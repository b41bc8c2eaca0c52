internal import EnvdCore
internal import EnvdLoop
internal import EnvdManifest
internal import EnvdStore
internal import EnvdSystem

/// What the user allowed, held against what the files say now.
extension ProjectSupervisor {
    var sourceBuilds: SourceBuilds { project.grant?.sourceBuilds ?? .named([]) }

    /// A project that an older version put down was allowed whole, with all that it named.
    func adoptWhatOlderVersionsAllowed(_ reading: ManifestReading) {
        guard case .success(let spec) = reading.spec else { return }
        guard var grant = project.grant else {
            return setGrant(TrustGrant(reading.codeSources.map(\.source) + [.anyBuild]))
        }
        // Every change asks from now on: beginning with what stands.
        guard (project.mode ?? reading.userSettings.trust) == .ask, grant.inputs == nil,
            grant.missing(from: reading.codeSources).isEmpty,
            intactCurrent?.key == Fingerprint(of: spec.canonicalEncoding)
        else { return }
        grant.inputs = TrustQuestion.inputs(of: reading)
        setGrant(grant)
    }

    func question(of reading: ManifestReading) -> TrustQuestion? {
        TrustQuestion(project: project, reading: reading, isKnownGood: false)
    }

    /// What waits for the user's word.
    var asks: [NamedSource] { (failure?.diagnostic.asks ?? []) + lockAsks }
}

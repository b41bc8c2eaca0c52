/// How far the user's word on a project goes when its files change.
package enum TrustMode: String, Hashable, Sendable, Codable, CaseIterable {
    /// Edits that add no code source are built at once.
    case follow
    /// Every change of an input's content asks.
    case ask
}

/// What an allowed project may do: recorded when its user allows it, and only then widened.
package struct TrustGrant: Hashable, Sendable, Codable {
    /// In their order, each once.
    package private(set) var sources: [CodeSource]
    /// The project's inputs as they were allowed, where every change of them asks; nil elsewhere.
    package var inputs: [InputFile]?

    package init(_ sources: some Sequence<CodeSource> = [], inputs: [InputFile]? = nil) {
        self.sources = Set(sources).sorted()
        self.inputs = inputs
    }

    /// Takes further sources in; what was granted stays, so that a way back asks nothing.
    package mutating func add(_ more: some Sequence<CodeSource>) {
        sources = Set(sources).union(more).sorted()
    }

    /// Takes every word on source distributions back.
    package mutating func removeSourceDistributions() {
        sources.removeAll { $0.kind == .sourceDistribution }
    }

    package func covers(_ source: CodeSource) -> Bool {
        if source.kind == .sourceDistribution, sources.contains(.anyBuild) { return true }
        return sources.contains(source)
    }

    /// Those of some sources that the user has not allowed, in their order.
    package func missing(from named: [NamedSource]) -> [NamedSource] {
        let granted = Set(sources)
        let buildsAny = granted.contains(.anyBuild)
        return named.filter { named in
            !granted.contains(named.source) && !(buildsAny && named.source.kind == .sourceDistribution)
        }
    }

    /// The inputs that were other when they were allowed, there or not; none where their content is not asked about.
    package func changed(_ now: [InputFile]) -> [Path] {
        guard let inputs else { return [] }
        return Set(Set(now).symmetricDifference(inputs).map(\.path)).sorted()
    }

    /// What engines may build from source.
    package var sourceBuilds: SourceBuilds {
        if sources.contains(.anyBuild) { return .all }
        return .named(Set(sources.filter { $0.kind == .sourceDistribution }.map(\.text)))
    }
}

/// Which packages of indexes an engine may build from source, which runs code of theirs.
///
/// What a manifest names by its path, repository or address is no package of an index.
package enum SourceBuilds: Hashable, Sendable {
    case all
    /// By normalised name.
    case named(Set<String>)

    package func allows(_ name: String) -> Bool {
        switch self {
        case .all: true
        case .named(let names): names.contains(name)
        }
    }
}

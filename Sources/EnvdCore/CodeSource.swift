/// Something that decides whose code runs while a project's environment is made: what its user's word is about.
///
/// Packages that an index or a channel serves ready-made are none: where those come from is one.
package struct CodeSource: Hashable, Sendable, Codable, Comparable {
    /// In the order in which people are shown them.
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// `[build-system]`, setup.py: code that installs the project, or a directory that it names.
        case buildBackend
        /// A script of the project that its build backend runs.
        case buildScript
        /// Metadata that only the build backend knows.
        case dynamicMetadata
        /// Another directory of a workspace.
        case workspaceMember
        /// A directory or file of this machine.
        case path
        /// A repository of a version control system.
        case repository
        /// An address that a package is fetched from.
        case url
        case index
        /// A directory or page with links to packages.
        case findLinks
        /// A channel of conda.
        case channel
        /// A setting by which an engine runs or takes something else.
        case setting
        /// A file that counts and lies outside of the project, or far away.
        case outsideFile
        /// A package that is built from source, by its name; `:all:` for any.
        case sourceDistribution
        /// An input that is other than it was: named where every change asks, never granted by its name.
        case changedFile
    }

    package var kind: Kind
    /// As people are shown it: no credentials.
    package var text: String
    /// Of what the text does not tell; another one is another source. Nil where the text tells all.
    package var content: Fingerprint?

    package init(_ kind: Kind, _ text: String, content: Fingerprint? = nil) {
        self.kind = kind
        self.text = text
        self.content = content
    }

    /// Every source distribution, as pip's options name it.
    package static let anyBuild = CodeSource(.sourceDistribution, ":all:")

    package static func < (left: Self, right: Self) -> Bool {
        if left.kind != right.kind { return left.kind.rank < right.kind.rank }
        if left.text != right.text { return left.text.utf8.lexicographicallyPrecedes(right.text.utf8) }
        return (left.content?.hex ?? "") < (right.content?.hex ?? "")
    }

    /// `index https://…`: one phrase of a list.
    package var phrase: String {
        switch kind {
        case .buildBackend: "build backend \(text)"
        case .buildScript: "build script \(text)"
        case .dynamicMetadata: "dynamic metadata (\(text)), which the build backend tells"
        case .workspaceMember: "workspace member \(text)"
        case .path: "path \(text)"
        case .repository: "repository \(text)"
        case .url: "address \(text)"
        case .index: "index \(text)"
        case .findLinks: "links \(text)"
        case .channel: "channel \(text)"
        case .setting: "setting \(text)"
        case .outsideFile: "file \(text)"
        case .sourceDistribution where self == .anyBuild: "any package without a wheel, built from source"
        case .sourceDistribution: "\(text), which has no wheel here and is built from source"
        case .changedFile: "\(text), which changed"
        }
    }

    /// Whether the source is code that runs while the environment is built, and not only a place to fetch from.
    package var runsAtBuild: Bool {
        switch kind {
        case .buildBackend, .buildScript, .dynamicMetadata, .workspaceMember, .path, .repository, .url,
            .sourceDistribution:
            true
        case .index, .findLinks, .channel, .setting, .outsideFile, .changedFile: false
        }
    }
}

extension CodeSource.Kind {
    fileprivate var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// A code source and the place that names it.
package struct NamedSource: Hashable, Sendable, Codable {
    package var source: CodeSource
    /// Nil where no file of the project names it.
    package var location: Diagnostic.Location?

    package init(_ source: CodeSource, at location: Diagnostic.Location? = nil) {
        self.source = source
        self.location = location
    }
}

/// What is in a generation, by the resolution that it was made from.
package struct PackageSet: Hashable, Sendable {
    /// Python's own version: `3.11.2`; nil where the environment has none.
    package var python: String?
    /// Version, and build where the channel has several, of conda's packages by name; Python itself is not among them.
    package var conda: [String: Conda]
    /// Versions of the Python layer, by normalised name.
    package var distributions: [String: String]

    package struct Conda: Hashable, Sendable {
        package var version: String
        package var build: String

        package init(version: String, build: String) {
            self.version = version
            self.build = build
        }
    }

    package init(python: String? = nil, conda: [String: Conda] = [:], distributions: [String: String] = [:]) {
        self.python = python
        self.conda = conda
        self.distributions = distributions
    }

    package var count: Int { conda.count + distributions.count }

    /// What became of it, in the order of the names: Python first, then conda's packages, then the Python layer.
    package func changes(to next: PackageSet) -> [PackageChange] {
        var changes: [PackageChange] = []
        if python != next.python { changes.append(.init(layer: .interpreter, "Python", python, next.python)) }
        for name in Set(conda.keys).union(next.conda.keys).sorted() {
            let (old, new) = (conda[name], next.conda[name])
            guard old != new else { continue }
            // The same version may be packed anew.
            let shown = { (package: Conda) in
                old?.version == new?.version ? "\(package.version) \(package.build)" : package.version
            }
            changes.append(.init(layer: .conda, name, old.map(shown), new.map(shown)))
        }
        for name in Set(distributions.keys).union(next.distributions.keys).sorted()
        where distributions[name] != next.distributions[name] {
            changes.append(.init(layer: .python, name, distributions[name], next.distributions[name]))
        }
        return changes
    }
}

/// One package that two generations do not have alike.
package struct PackageChange: Hashable, Sendable, Codable {
    package enum Layer: String, Hashable, Sendable, Codable {
        /// Python itself, whoever brought it.
        case interpreter
        case conda
        case python
    }

    package var layer: Layer
    package var name: String
    /// Nil: it was not there.
    package var old: String?
    /// Nil: it is not there.
    package var new: String?

    package init(layer: Layer, _ name: String, _ old: String?, _ new: String?) {
        self.layer = layer
        self.name = name
        self.old = old
        self.new = new
    }

    /// `+ six 1.16.0`, `- attrs 23.1`, `numpy 2.0 -> 2.1`.
    package var phrase: String {
        switch (old, new) {
        case (let old?, let new?): "\(name) \(old) -> \(new)"
        case (nil, let new?): "+ \(name) \(new)"
        case (let old?, nil): "- \(name) \(old)"
        case (nil, nil): name
        }
    }
}

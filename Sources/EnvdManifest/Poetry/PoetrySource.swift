package import EnvdCore

/// An index of `[[tool.poetry.source]]`.
package struct PoetrySource: Hashable, Sendable {
    package var name: String
    package var url: String
    /// `primary`, `supplemental`, `explicit`, and `default`, `secondary` of old.
    package var priority: String

    package init(name: String, url: String, priority: String) {
        self.name = name
        self.url = url
        self.priority = priority
    }

    /// The sources of a layer that Poetry's files made, in the order in which they are written.
    package static func sources(of layer: PythonLayer) -> [PoetrySource] {
        (layer.settings?.value([PoetryReader.contentKey, "poetry.source"])?.asList ?? []).compactMap { entry in
            // PyPI may be listed by its name alone.
            guard let name = entry.value(["name"])?.asText else { return nil }
            let url = entry.value(["url"])?.asText
            if url == nil, name.lowercased() != "pypi" { return nil }
            var priority = entry.value(["priority"])?.asText?.lowercased() ?? "primary"
            if entry.value(["default"])?.asTruth == true { priority = "default" }
            if entry.value(["secondary"])?.asTruth == true { priority = "secondary" }
            return PoetrySource(name: name, url: url ?? "", priority: priority)
        }
    }

    /// Whether it stands in PyPI's place.
    package var isPrimary: Bool { priority == "primary" || priority == "default" }
}

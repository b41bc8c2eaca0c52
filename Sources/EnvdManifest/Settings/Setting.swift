package import EnvdCore
internal import EnvdPackaging

/// A key that users or projects may set: `known` has every one of them, for the readers, `envd config` and the manual.
package struct Setting: Hashable, Sendable {
    /// A file in which a key may stand.
    package enum Place: String, Hashable, Sendable, CaseIterable {
        /// The user's `config.toml`.
        case user
        /// A project's `envd.toml`, or `[tool.envd]` of its pyproject.toml.
        case project
    }

    /// What a value has to be.
    package enum Kind: Hashable, Sendable {
        case truth
        /// A number, 0 or more, of what is named.
        case count(of: String)
        case size
        /// None, too.
        case sizeOrZero
        /// Absolute, or from the home on.
        case path
        case version
        case names
        case files
        case choice([String])
        case choices([String])
        case libraryPath
    }

    /// What holds where nobody says anything.
    package enum Preset: Hashable, Sendable {
        case value(CanonicalValue)
        /// It depends; in words.
        case words(String)
    }

    /// The keys that lead to it: `store`, `keep`.
    package let path: [String]
    package let kind: Kind
    package let preset: Preset
    package let places: Set<Place>
    /// A sentence without its full stop.
    package let meaning: String

    /// As documents and messages call it: `store.keep`.
    package var name: String { path.joined(separator: ".") }

    /// The settings that may stand in a file, by name.
    package static func known(in place: Place) -> [Setting] { known.filter { $0.places.contains(place) } }
}

extension Setting.Kind {
    /// What follows "has to be" in a message.
    package var expectation: String {
        func quoted(_ words: [String]) -> [String] { words.sorted().map { "\"\($0)\"" } }
        switch self {
        case .truth: return "true or false"
        case .count(let what): return "a number of \(what), 0 or more"
        case .size: return "a size with its unit, such as \"20GB\" or \"500 MiB\""
        case .sizeOrZero: return "a size with its unit, such as \"1GB\" or \"0B\""
        case .path: return "an absolute path, or one that starts with `~/`"
        case .version: return "a version like \"3.12\" or \">=3.11\""
        case .names: return "a list of names"
        case .files: return "a list of files"
        case .choice(let words): return quoted(words).joined(separator: " or ")
        case .choices(let words): return "a list of \(quoted(words).joined(separator: " and "))"
        case .libraryPath:
            let table = "a table with `mode` and, for \"safe\", `exclude` (a list of names)"
            return "\"safe\", \"full\" or \"off\", or \(table)"
        }
    }

    /// In a table of the manual.
    package var title: String {
        switch self {
        case .truth: "true or false"
        case .count: "number"
        case .size, .sizeOrZero: "size"
        case .path: "path"
        case .version: "version"
        case .names: "list of names"
        case .files: "list of files"
        case .choice(let words): words.map { "\"\($0)\"" }.joined(separator: ", ")
        case .choices(let words): "list of \(words.map { "\"\($0)\"" }.joined(separator: ", "))"
        case .libraryPath: "\"safe\", \"full\", \"off\" or a table"
        }
    }

    func accepts(_ value: CanonicalValue) -> Bool {
        /// All of them texts that pass; an empty list where that may be.
        func texts(orNone: Bool, _ test: (String) -> Bool) -> Bool {
            guard let list = value.asList, orNone || !list.isEmpty else { return false }
            return list.allSatisfy { $0.asText.map(test) ?? false }
        }
        switch self {
        case .truth: return value.asTruth != nil
        case .count:
            guard case .integer(let count) = value else { return false }
            return count >= 0 && count <= 1_000_000
        case .size: return value.asText.flatMap { ByteSize($0) }.map { $0 > .zero } ?? false
        case .sizeOrZero: return value.asText.flatMap { ByteSize($0) } != nil
        case .path: return UserSettings.storePath(value) != nil
        case .version: return value.asText.flatMap { PythonVersionFile.specifiers(for: $0) } != nil
        case .names: return texts(orNone: true) { PackageName.normalised($0) != nil }
        case .files: return texts(orNone: false) { !$0.isEmpty }
        case .choice(let words): return value.asText.map { words.contains($0) } ?? false
        case .choices(let words): return texts(orNone: false) { words.contains($0) }
        case .libraryPath: return LibraryPath(value) != nil
        }
    }

    /// The words that a value may be made of.
    var words: [String] {
        switch self {
        case .choice(let words), .choices(let words): words
        case .libraryPath: LibraryPath.Mode.allCases.map(\.rawValue)
        default: []
        }
    }
}

package import EnvdCore
internal import EnvdSystem

/// What holds for this user, or for one project of theirs, and where it was said.
package struct EffectiveSettings: Hashable, Sendable {
    /// One setting as it holds.
    package struct Entry: Hashable, Sendable {
        package var setting: Setting
        /// Nil where its preset holds.
        package var value: CanonicalValue?
        /// Where it was said; nil where its preset holds.
        package var location: Diagnostic.Location?

        /// The value as TOML has it, or the preset's words in brackets.
        package var text: String {
            if let value { return value.tomlText }
            switch setting.preset {
            case .value(let value): return value.tomlText
            case .words(let words): return "(\(words))"
            }
        }
    }

    /// By name.
    package var entries: [Entry]
    /// A file that cannot be read, or says what it may not: nothing of it holds.
    package var problems: [Diagnostic] = []
    /// The user's file, there or not; nil where there is no place for one.
    package var configuration: Path?
    /// The project's root; nil where only the user was asked for.
    package var root: Path?

    /// Reads the files as the daemon does.
    ///
    /// - Parameters:
    ///   - root: a project's root; nil for the user's settings alone.
    ///   - configuration: the user's `config.toml`.
    package init(root: Path?, configuration: Path? = UserSettings.fileOfThisUser) {
        self.root = root
        self.configuration = configuration
        let places: Set<Setting.Place> = root == nil ? [.user] : [.user, .project]
        entries = Setting.known.filter { !$0.places.isDisjoint(with: places) }.map { Entry(setting: $0) }
        do throws(Diagnostic) {
            try takeUser()
        } catch {
            problems.append(error)
        }
        guard let root else { return }
        do throws(Diagnostic) {
            try takeProject(root)
        } catch {
            problems.append(error)
        }
    }

    /// The root of the project around a directory; nil where there is none.
    ///
    /// The nearest directory upwards that is a project by its files, as far as the home, which is none unasked.
    package static func root(around directory: Path, home: Path?) -> Path? {
        for candidate in directory.selfAndAncestors {
            if candidate == home || candidate == .root { return nil }
            if ManifestReader.isProject(candidate) { return candidate }
        }
        return nil
    }

    private mutating func takeUser() throws(Diagnostic) {
        guard let file = configuration else { return }
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try FileSystem.read(file)
        } catch {
            if error.isAbsence { return }
            throw ReadingContext.unreadable("config.toml", error, at: Diagnostic.Location(file: file))
        }
        let document = try UserSettings.checked(bytes, file: file)
        take(.user) { path in document.root.value(path).map { ($0, document.location(path)) } }
    }

    private mutating func takeProject(_ root: Path) throws(Diagnostic) {
        var context = ReadingContext(root: root)
        guard let table = try EnvdTable.read(&context) else { return }
        take(.project) { path in CanonicalValue.table(table.table).value(path).map { ($0, table.location(path)) } }
    }

    private mutating func take(
        _ place: Setting.Place, _ said: (_ path: [String]) -> (CanonicalValue, Diagnostic.Location)?
    ) {
        for index in entries.indices where entries[index].setting.places.contains(place) {
            guard let (value, location) = said(entries[index].setting.path) else { continue }
            entries[index].value = value
            entries[index].location = location
        }
    }
}

extension CanonicalValue {
    /// As a person would write it in a TOML file, on one line.
    package var tomlText: String {
        switch self {
        case .text(let text): Self.quoted(text)
        case .integer(let number): String(number)
        case .number(let number): String(number)
        case .truth(let truth): truth ? "true" : "false"
        case .list(let values): "[\(values.map(\.tomlText).joined(separator: ", "))]"
        case .table(let table):
            "{ \(table.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value.tomlText)" }.joined(separator: ", ")) }"
        }
    }

    /// A basic string (TOML 1.0): what cannot stand in one is escaped.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7f:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

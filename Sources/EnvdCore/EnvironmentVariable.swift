/// A variable of the environment that envd reads or sets: `known` has every one of them, for the code and the manual.
///
/// Made of static strings alone, for the hook's program looks some of them up at every question.
package struct EnvironmentVariable: Sendable {
    /// What has to do with a variable.
    package struct Role: OptionSet, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// The shells' hooks and `envd-hook` read it.
        package static let hook = Role(rawValue: 1)
        /// The commands of `envd` read it.
        package static let command = Role(rawValue: 2)
        /// The daemon reads its own.
        package static let daemon = Role(rawValue: 4)
        /// A shell hands it over, and the engines are given it.
        package static let engines = Role(rawValue: 8)
        /// It is set, or changed, in shells where an environment is active.
        package static let set = Role(rawValue: 16)
        /// Between envd's own programs: no user sets it.
        package static let inner = Role(rawValue: 32)
    }

    /// A name that ends with `*` stands for all that begin like it.
    package let name: StaticString
    package let role: Role
    /// For the manual: a sentence without its full stop, in roff's own text (no backslash, no dot at its start).
    package let meaning: StaticString

    package init(_ name: StaticString, _ role: Role, _ meaning: StaticString) {
        self.name = name
        self.role = role
        self.meaning = meaning
    }

    package var text: String { name.description }
    package var bytes: ByteString { ByteString(text) }

    /// Whether this is the entry of a variable, or of the family that it belongs to.
    package func covers(_ variable: String) -> Bool {
        text.hasSuffix("*") ? variable.hasPrefix(text.dropLast()) : variable == text
    }

    /// The entry of a variable; nil where envd has nothing to do with it.
    package static func entry(of variable: String) -> EnvironmentVariable? {
        known.first { $0.text == variable } ?? known.first { $0.covers(variable) }
    }
}

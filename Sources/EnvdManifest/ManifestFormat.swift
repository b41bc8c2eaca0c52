internal import EnvdCore

/// What a format's file says of itself before it is read whole.
enum ManifestClaim {
    /// There is no such file.
    case absent
    /// The file is there and says nothing of dependencies; the reason in the user's words.
    case unrelated(String)
    /// The file makes a project that cannot be read yet: followed only in place of nothing.
    case unsupported(Diagnostic)
    /// The file makes a project, but is damaged: nothing else is followed meanwhile.
    case broken(Diagnostic)
    case follows
}

/// One kind of manifest: a file of this module and a line in `ManifestReader.formats`.
protocol ManifestFormat: SendableMetatype {
    /// The file in the project's root, as messages call it.
    static var name: String { get }

    /// Every file by which it may be recognised, in the order in which they count: relative to the root.
    static var names: [String] { get }

    /// Those of its files that are there, relative to the root; asked where `claim(_:)` did not say `absent`.
    static func files(_ context: inout ReadingContext) -> [String]

    /// Whether the file counts; called before `layer(_:)`, and for each format.
    static func claim(_ context: inout ReadingContext) -> ManifestClaim

    /// Whether the hook asks about a directory because of this file: in doubt yes, and cheaply.
    static func isProject(_ context: inout ReadingContext) -> Bool

    /// All that the file says.
    ///
    /// - Throws: the first thing that is wrong; what was looked at stays in the context.
    static func layer(_ context: inout ReadingContext) throws(Diagnostic) -> PythonLayer
}

extension ManifestFormat {
    static var names: [String] { [name] }
    static func files(_ context: inout ReadingContext) -> [String] { [name] }
}

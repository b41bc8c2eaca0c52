import EnvdTerminal

extension ScreenTraits {
    /// A terminal of that width.
    static func wide(_ columns: Int, color: Bool = false, isObedient: Bool = true, isUTF8: Bool = true) -> ScreenTraits
    {
        ScreenTraits(
            isTerminal: true, isObedient: isObedient, hasColor: color, isUTF8: isUTF8, columns: columns, rows: 24)
    }
}

internal import CPosixShims
internal import EnvdCore
internal import EnvdSystem
internal import Glibc

/// What the place where a command's words go can show.
package struct ScreenTraits: Hashable, Sendable {
    package enum Color: String, CaseIterable, Sendable { case auto, always, never }

    /// Whether somebody looks at it: lines are then fitted to its width.
    package var isTerminal: Bool
    /// Whether the terminal obeys: cursor movements, and bars that are drawn again.
    package var isObedient: Bool
    package var hasColor: Bool
    /// Whether it shows more than ASCII.
    package var isUTF8: Bool
    package var columns: Int
    package var rows: Int

    package init(isTerminal: Bool, isObedient: Bool, hasColor: Bool, isUTF8: Bool, columns: Int, rows: Int) {
        self.isTerminal = isTerminal
        self.isObedient = isObedient
        self.hasColor = hasColor
        self.isUTF8 = isUTF8
        self.columns = columns
        self.rows = rows
    }

    /// Of standard output, now.
    ///
    /// Colours by the rules of <https://no-color.org> and <https://force-color.org>; what the user says on the command
    /// line goes before both.
    package static func ofStandardOutput(color: Color = .auto) -> ScreenTraits {
        let isTerminal = isatty(1) == 1
        let terminal = text(.terminal)
        let isObedient = isTerminal && !terminal.isEmpty && terminal != "dumb" && terminal != "unknown"
        let isForced = [text(.forceColor), text(.forceColorToo)].contains { !$0.isEmpty && $0 != "0" }
        let hasColor =
            switch color {
            case .always: true
            case .never: false
            case .auto: text(.noColor).isEmpty && (isForced || isObedient)
            }
        var (rows, columns): (UInt16, UInt16) = (0, 0)
        _ = shim_terminal_size(1, &rows, &columns)
        return ScreenTraits(
            isTerminal: isTerminal, isObedient: isObedient, hasColor: hasColor, isUTF8: shim_locale_is_utf8() != 0,
            columns: columns > 0 ? Int(columns) : Int(text(.columns)).flatMap { $0 > 0 ? $0 : nil } ?? 80,
            rows: rows > 0 ? Int(rows) : 24)
    }

    /// The same with the size that the terminal has by now.
    package var resized: ScreenTraits {
        var (resized, rows, columns): (ScreenTraits, UInt16, UInt16) = (self, 0, 0)
        guard shim_terminal_size(1, &rows, &columns) == 0, rows > 0, columns > 0 else { return self }
        (resized.rows, resized.columns) = (Int(rows), Int(columns))
        return resized
    }

    /// What stands for text that was left out.
    package var ellipsis: String { isUTF8 ? "…" : "..." }

    private static func text(_ variable: EnvironmentVariable) -> String {
        ProcessEnvironment.value(variable)?.description ?? ""
    }
}

internal import CPosixShims

/// Columns of a terminal, by glibc's wcwidth(3): two for East Asian wide characters and emoji, none for combining marks.
extension Character {
    package var columns: Int {
        if let ascii = asciiValue { return ascii < 0x20 || ascii == 0x7f ? 0 : 1 }
        return unicodeScalars.reduce(0) { $0 + max(0, Int(shim_character_width($1.value))) }
    }
}

extension StringProtocol {
    package var columns: Int { reduce(0) { $0 + $1.columns } }

    /// With blanks up to a width.
    package func padded(to width: Int) -> String {
        String(self) + String(repeating: " ", count: Swift.max(0, width - columns))
    }

    /// The beginning, and a mark where that is not all.
    ///
    /// - Parameter mark: an ellipsis; it counts.
    package func clipped(to width: Int, mark: String) -> String {
        guard columns > width else { return String(self) }
        return take(width - mark.columns) + mark
    }

    /// The end, and a mark before it where that is not all; cut at a slash where one is near enough.
    package func clippedAtStart(to width: Int, mark: String) -> String {
        guard columns > width else { return String(self) }
        var end = String(String(self.reversed()).take(width - mark.columns).reversed())
        if let slash = end.firstIndex(of: "/"), slash != end.startIndex { end = String(end[slash...]) }
        return mark + end
    }

    /// As many characters as fit.
    package func take(_ width: Int) -> String {
        var (taken, left) = ("", width)
        for character in self {
            left -= character.columns
            if left < 0 { break }
            taken.append(character)
        }
        return taken
    }
}

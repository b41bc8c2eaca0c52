/// A version as PEP 440 writes it, of a package or an interpreter.
///
/// Two versions are equal where neither goes before the other: `1.0` and `1.0.0` are.
package struct PythonVersion: Hashable, Sendable, Comparable, CustomStringConvertible {
    package enum Phase: Int, Hashable, Sendable {
        case alpha
        case beta
        case candidate
    }

    package struct PreRelease: Hashable, Sendable {
        package var phase: Phase
        package var number: VersionNumber
    }

    /// A piece of what follows `+`: any number goes after any word.
    package enum LocalPiece: Hashable, Sendable {
        case word(String)
        case number(VersionNumber)
    }

    package var epoch = VersionNumber.zero
    package var release: [VersionNumber]
    package var preRelease: PreRelease?
    package var postRelease: VersionNumber?
    package var developmentRelease: VersionNumber?
    /// Empty where there is none.
    package var local: [LocalPiece] = []
    /// As it was written.
    package let description: String

    /// Nil where the text is no version.
    package init?(_ text: some StringProtocol) {
        let text = String(text)
        let stripped = text.strippingPythonSpace()
        guard stripped.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        var cursor = Cursor(stripped.lowercased())
        self.init(&cursor, written: text)
        guard cursor.isAtEnd else { return nil }
    }

    /// Whether it comes before a release: an alpha, beta, candidate or development version.
    package var isPreRelease: Bool { preRelease != nil || developmentRelease != nil }

    /// In the one way that PEP 440 calls normal.
    package var normalised: String {
        var text = epoch.isZero ? "" : "\(epoch)!"
        text += release.map(\.description).joined(separator: ".")
        if let preRelease { text += ["a", "b", "rc"][preRelease.phase.rawValue] + preRelease.number.description }
        if let postRelease { text += ".post\(postRelease)" }
        if let developmentRelease { text += ".dev\(developmentRelease)" }
        if !local.isEmpty { text += "+" + local.map(\.text).joined(separator: ".") }
        return text
    }

    /// The release without the zeros at its end, of which at least one number is left.
    var trimmedRelease: ArraySlice<VersionNumber> {
        release[...(release.lastIndex { !$0.isZero } ?? 0)]
    }

    /// Whether nothing but what follows `+` tells the two apart.
    package func isSamePublicVersion(as other: PythonVersion) -> Bool {
        var (left, right) = (self, other)
        left.local = []
        right.local = []
        return left == right
    }

    func isSameRelease(as other: PythonVersion) -> Bool {
        epoch == other.epoch && trimmedRelease == other.trimmedRelease
    }

    package static func == (left: Self, right: Self) -> Bool { order(left, right) == 0 }
    package static func < (left: Self, right: Self) -> Bool { order(left, right) < 0 }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(epoch)
        hasher.combine(trimmedRelease)
        hasher.combine(preRelease)
        hasher.combine(postRelease)
        hasher.combine(developmentRelease)
        hasher.combine(local)
    }

    /// PEP 440, "Summary of permitted suffixes and relative ordering": below zero where `left` goes first.
    private static func order(_ left: Self, _ right: Self) -> Int {
        func compare<Value: Comparable>(_ left: Value, _ right: Value) -> Int {
            left < right ? -1 : (left == right ? 0 : 1)
        }
        /// - Parameter absent: where a missing number goes: before (-1) or after (1) any number.
        func compare(_ left: VersionNumber?, _ right: VersionNumber?, absent: Int) -> Int {
            switch (left, right) {
            case (nil, nil): 0
            case (nil, _?): absent
            case (_?, nil): -absent
            case (let left?, let right?): compare(left, right)
            }
        }
        var result = compare(left.epoch, right.epoch)
        if result != 0 { return result }
        for index in 0..<max(left.release.count, right.release.count) {
            let mine = index < left.release.count ? left.release[index] : .zero
            let its = index < right.release.count ? right.release[index] : .zero
            result = compare(mine, its)
            if result != 0 { return result }
        }
        result = compare(left.phaseRank, right.phaseRank)
        if result == 0 { result = compare(left.preRelease?.number, right.preRelease?.number, absent: -1) }
        if result == 0 { result = compare(left.postRelease, right.postRelease, absent: -1) }
        if result == 0 { result = compare(left.developmentRelease, right.developmentRelease, absent: 1) }
        if result != 0 { return result }
        for (mine, its) in zip(left.local, right.local) {
            switch (mine, its) {
            case (.word, .number): return -1
            case (.number, .word): return 1
            case (.number(let mine), .number(let its)): result = compare(mine, its)
            case (.word(let mine), .word(let its)): result = compare(mine, its)
            }
            if result != 0 { return result }
        }
        return compare(left.local.count, right.local.count)
    }

    /// A development version of a release goes before the release's first alpha.
    private var phaseRank: Int {
        if let preRelease { return preRelease.phase.rawValue }
        return postRelease == nil && developmentRelease != nil ? -1 : 3
    }
}

extension PythonVersion.LocalPiece {
    var text: String {
        switch self {
        case .word(let word): word
        case .number(let number): number.description
        }
    }
}

extension PythonVersion {
    /// Reads the longest version that comes next, in lower case.
    init?(_ cursor: inout Cursor, written: String) {
        description = written
        release = []
        _ = cursor.take("v")
        guard let first = Self.number(&cursor) else { return nil }
        if cursor.next == UInt8(ascii: "!") {
            cursor.position += 1
            guard let second = Self.number(&cursor) else { return nil }
            epoch = first
            release = [second]
        } else {
            release = [first]
        }
        while cursor.next == UInt8(ascii: "."), let digit = cursor.byte(after: 1), PackageName.isDigit(digit) {
            cursor.position += 1
            if let next = Self.number(&cursor) { release.append(next) }
        }
        let phases: [([String], Phase)] = [
            (["alpha", "a"], .alpha), (["beta", "b"], .beta), (["preview", "pre", "c", "rc"], .candidate),
        ]
        for (words, phase) in phases {
            guard let number = Self.suffix(words, &cursor) else { continue }
            preRelease = PreRelease(phase: phase, number: number)
            break
        }
        if cursor.next == UInt8(ascii: "-"), let digit = cursor.byte(after: 1), PackageName.isDigit(digit) {
            cursor.position += 1
            postRelease = Self.number(&cursor)
        } else {
            postRelease = Self.suffix(["post", "rev", "r"], &cursor)
        }
        developmentRelease = Self.suffix(["dev"], &cursor)
        if cursor.next == UInt8(ascii: "+"), let byte = cursor.byte(after: 1), PackageName.isLetterOrDigit(byte) {
            cursor.position += 1
            readLocal(&cursor)
        }
    }

    private mutating func readLocal(_ cursor: inout Cursor) {
        while true {
            let piece = cursor.take(while: PackageName.isLetterOrDigit)
            local.append(
                piece.allSatisfy(PackageName.isDigit)
                    ? .number(VersionNumber(piece)) : .word(String(decoding: piece, as: UTF8.self)))
            guard let separator = cursor.next, Self.isSeparator(separator), let byte = cursor.byte(after: 1),
                PackageName.isLetterOrDigit(byte)
            else { return }
            cursor.position += 1
        }
    }

    private static func number(_ cursor: inout Cursor) -> VersionNumber? {
        let digits = cursor.take(while: PackageName.isDigit)
        return digits.isEmpty ? nil : VersionNumber(digits)
    }

    /// A word with the number after it, each with a separator that may be left out: zero where there is no number.
    private static func suffix(_ words: [String], _ cursor: inout Cursor) -> VersionNumber? {
        let start = cursor.position
        if let byte = cursor.next, isSeparator(byte) { cursor.position += 1 }
        guard let word = words.first(where: { cursor.isNext($0) }) else {
            cursor.position = start
            return nil
        }
        cursor.position += word.utf8.count
        if let byte = cursor.next, isSeparator(byte) { cursor.position += 1 }
        return number(&cursor) ?? .zero
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
}

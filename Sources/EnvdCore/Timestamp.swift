/// A moment in whole seconds since 1970-01-01 00:00 UTC, leap seconds left out (time(2)).
package struct Timestamp: Hashable, Sendable, Comparable, Codable {
    package let seconds: Int64

    package init(seconds: Int64) { self.seconds = seconds }

    package static func < (left: Self, right: Self) -> Bool { left.seconds < right.seconds }

    /// The moment so many seconds later.
    package func adding(seconds more: Int64) -> Timestamp { Timestamp(seconds: seconds + more) }

    package func encode(to encoder: any Encoder) throws { try seconds.encode(to: encoder) }
    package init(from decoder: any Decoder) throws { self.init(seconds: try Int64(from: decoder)) }

    /// `2026-11-22T09:45:30Z` (RFC 3339).
    package var text: String {
        let days = seconds.floorDivided(by: 86_400)
        let clock = seconds - days * 86_400
        let date = Self.date(days)
        return "\(Self.padded(date.year, to: 4))-\(Self.padded(date.month))-\(Self.padded(date.day))"
            + "T\(Self.padded(clock / 3600)):\(Self.padded(clock / 60 % 60)):\(Self.padded(clock % 60))Z"
    }

    /// What `text` gives; nil for anything else.
    package init?(text: String) {
        let pieces = text.utf8.split(omittingEmptySubsequences: false) { !(0x30...0x39).contains($0) }
        let numbers = pieces.compactMap { Int64(String(decoding: $0, as: UTF8.self)) }
        guard text.hasSuffix("Z"), numbers.count == 6, (1...12).contains(numbers[1]) else { return nil }
        // Days of the months before, in a year that begins on the first of March.
        let month = (numbers[1] + 9) % 12
        let year = numbers[0] - (numbers[1] <= 2 ? 1 : 0)
        let days =
            365 * year + year.floorDivided(by: 4) - year.floorDivided(by: 100) + year.floorDivided(by: 400)
            + (153 * month + 2) / 5 + numbers[2] - 1 - 719_468
        self.init(seconds: days * 86_400 + numbers[3] * 3600 + numbers[4] * 60 + numbers[5])
        guard self.text == text else { return nil }
    }

    private static func padded(_ number: Int64, to width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// Days since 1970-01-01 in the Gregorian calendar, counted in eras of 400 years that begin on the first of March.
    private static func date(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = shifted.floorDivided(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        )
    }
}

extension Int64 {
    fileprivate func floorDivided(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

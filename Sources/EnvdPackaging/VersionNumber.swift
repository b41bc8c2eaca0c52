/// A number of a version: of any size, for dates and build numbers outgrow machine words.
package struct VersionNumber: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Decimal, without leading zeros; empty for zero.
    private let digits: [UInt8]

    init(_ digits: some Sequence<UInt8>) { self.digits = Array(digits.drop { $0 == UInt8(ascii: "0") }) }

    package static let zero = VersionNumber([])
    package var isZero: Bool { digits.isEmpty }
    package var description: String { digits.isEmpty ? "0" : String(decoding: digits, as: UTF8.self) }

    package static func < (left: Self, right: Self) -> Bool {
        if left.digits.count != right.digits.count { return left.digits.count < right.digits.count }
        return left.digits.lexicographicallyPrecedes(right.digits)
    }
}

/// A version of CUDA as far as drivers and runtimes are compared by it: `12.4`.
package struct CudaVersion: Hashable, Sendable, Comparable, CustomStringConvertible {
    package var major: Int
    /// Nil where a package is for all versions of its major one.
    package var minor: Int?

    package init(major: Int, minor: Int?) {
        self.major = major
        self.minor = minor
    }

    /// `12`, `12.4`, `12.4.127`; nil for what does not begin so.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard let first = parts.first, let major = Self.number(first) else { return nil }
        guard parts.count > 1 else {
            self.init(major: major, minor: nil)
            return
        }
        guard let minor = Self.number(parts[1]) else { return nil }
        self.init(major: major, minor: minor)
    }

    /// As drivers say it: `12040` is 12.4. Nil for what no driver says.
    package init?(number: Int) {
        guard (1000..<1_000_000).contains(number) else { return nil }
        self.init(major: number / 1000, minor: number % 1000 / 10)
    }

    package var description: String { "\(major)\(minor.map { ".\($0)" } ?? "")" }

    package static func < (left: Self, right: Self) -> Bool {
        (left.major, left.minor ?? 0) < (right.major, right.minor ?? 0)
    }

    private static func number(_ text: some StringProtocol) -> Int? {
        guard !text.isEmpty, text.utf8.count < 6, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }
}

extension StringProtocol {
    /// Without spaces, tabs and line ends on either side.
    package func trimmingBlanks() -> String {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        let bytes = Array(utf8)
        guard let first = bytes.firstIndex(where: { !isBlank($0) }), let last = bytes.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(decoding: bytes[first...last], as: UTF8.self)
    }

    /// For messages: 80 characters at most.
    package var shortened: String { utf8.count > 80 ? String(prefix(77)) + "…" : String(self) }
}

extension Sequence<String> {
    /// In byte order, each once.
    package func sortedAndUnique() -> [String] {
        Set(self).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}

extension Unicode.Scalar {
    /// What Python's regular expressions call a blank: the white space of Unicode and four separators.
    var isPythonSpace: Bool { properties.isWhitespace || (0x1C...0x1F).contains(value) }
}

extension String {
    /// Without what Python's `str.strip` takes off.
    package func strippingPythonSpace() -> String {
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.isPythonSpace }),
            let last = scalars.lastIndex(where: { !$0.isPythonSpace })
        else { return "" }
        return String(scalars[first...last])
    }
}

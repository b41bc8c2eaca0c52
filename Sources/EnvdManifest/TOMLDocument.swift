internal import EnvdCore

/// A parsed TOML file, with the lines of its keys for messages.
struct TOMLDocument {
    let file: Path
    let root: CanonicalValue
    let outline: TOMLOutline

    static let hint = "mend the file: it is read again when it is saved"

    /// - Parameters:
    ///   - name: the file as messages call it.
    ///   - recordsLines: whether `line(of:)` will be asked.
    /// - Throws: where and why the bytes are no TOML.
    init(_ bytes: [UInt8], file: Path, name: String, recordsLines: Bool = true) throws(Diagnostic) {
        func problem(_ line: Int?, _ cause: String, column: Int? = nil) -> Diagnostic {
            let place = Diagnostic.Location(file: file, line: line, column: column)
            return Diagnostic("could not read `\(name)`: \(cause)", at: place, hint: Self.hint)
        }
        self.file = file
        let bytes = UTF8Text.withoutByteOrderMark(bytes)
        if let line = UTF8Text.firstInvalidLine(bytes) { throw problem(line, "it is not UTF-8") }
        if let nul = bytes.firstIndex(of: 0) {
            throw problem(UTF8Text.line(of: nul, in: bytes), "there is a NUL byte in it")
        }
        outline = TOMLOutline(bytes, records: recordsLines)
        if let refusal = outline.refusal { throw problem(refusal.line, refusal.reason) }
        do throws(TOMLParser.SyntaxError) {
            root = try TOMLParser.parse(bytes)
        } catch {
            throw problem(error.line, error.cause, column: error.column)
        }
    }

    /// The value at a chain of keys.
    func value(_ keys: String...) -> CanonicalValue? { root.value(keys) }

    /// The place of a key, of one element of its array, or of the nearest table above it.
    func location(_ keys: [String], element: Int? = nil) -> Diagnostic.Location {
        if let element, let lines = outline.elementLines[keys], element < lines.count {
            let columns = outline.elementColumns[keys] ?? []
            return .init(
                file: file, line: lines[element], column: element < columns.count ? columns[element] : nil)
        }
        var keys = keys
        while !keys.isEmpty {
            if let line = outline.lines[keys] { return .init(file: file, line: line, column: outline.columns[keys]) }
            keys.removeLast()
        }
        return .init(file: file)
    }
}

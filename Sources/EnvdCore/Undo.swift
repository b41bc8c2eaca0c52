/// What activation did to an environment: all that leaving has to know.
///
/// It travels in one exported variable, ENVD_UNDO, so that every program below a shell can leave. As text: fields with
/// `;` between, first the generation (`-` where there is none yet), then for each variable its name, a sign, what is
/// ours, and after a `~` what was there before, where it was set:
///
///     7;PATH+/p/bin~;LD_LIBRARY_PATH+/p/lib;VIRTUAL_ENV=/p;PYTHONHOME-~/opt/python;!/p/etc/conda/deactivate.d/a.sh
///
/// `+` entries of a list (what the list held before is not kept: leaving takes out entries), `=` a value, `-` hidden,
/// `?` whatever a script makes of it (until it has run), `!` a script to read on leaving. `%`, `;`, `~`, `#` and control
/// characters stand as `%` and two hexadecimal digits, so that bash and zsh can write harmless values themselves.
package struct Undo: Hashable, Sendable {
    package struct List: Hashable, Sendable {
        package var variable: VariableName
        package var entries: [ByteString]
        /// Whether the variable was there before, if only empty.
        package var wasSet: Bool

        package init(variable: VariableName, entries: [ByteString], wasSet: Bool) {
            self.variable = variable
            self.entries = entries
            self.wasSet = wasSet
        }
    }

    package struct Scalar: Hashable, Sendable {
        package enum Ours: Hashable, Sendable {
            case value(ByteString)
            case hidden
            /// What a script is about to make of it.
            case unknown
        }
        package var variable: VariableName
        package var ours: Ours
        /// Nil where it was unset.
        package var was: ByteString?

        package init(variable: VariableName, ours: Ours, was: ByteString?) {
            self.variable = variable
            self.ours = ours
            self.was = was
        }
    }

    /// Nil for a project that has no environment yet.
    package var generation: GenerationNumber?
    package var lists: [List] = []
    package var scalars: [Scalar] = []
    /// Conda's deactivate.d, in the order in which it is read.
    package var leaving: [Path] = []

    package init(generation: GenerationNumber?) { self.generation = generation }
}

extension Undo {
    package var text: ByteString { ByteString(generation.map { $0.description } ?? "-") + records }

    /// The part after the generation: a `;` before each field.
    package var records: ByteString {
        var fields: [[UInt8]] = [[]]
        func field(_ name: VariableName, _ sign: String, _ ours: ByteString, _ was: ByteString?) {
            let before = was.map { [Self.tilde] + Self.escaped($0) } ?? []
            fields.append(Array((name.text + sign).utf8) + Self.escaped(ours) + before)
        }
        for list in lists {
            let entries = ByteString(list.entries.map(\.bytes).joined(separator: [UInt8(ascii: ":")]))
            field(list.variable, "+", entries, list.wasSet ? "" : nil)
        }
        for scalar in scalars {
            switch scalar.ours {
            case .value(let value): field(scalar.variable, "=", value, scalar.was)
            case .hidden: field(scalar.variable, "-", "", scalar.was)
            case .unknown: field(scalar.variable, "?", "", scalar.was)
            }
        }
        for script in leaving { fields.append([UInt8(ascii: "!")] + Self.escaped(script.bytes)) }
        return ByteString(Array(fields.joined(separator: [Self.semicolon])))
    }

    /// Reads what an environment holds: anybody may have written it, so what is not as above is dropped.
    package init(text: ByteString) {
        let fields = text.split(separator: Self.semicolon)
        generation = fields.first.flatMap { Int($0.description) }.map { GenerationNumber($0) }
        for field in fields.dropFirst() {
            if field.bytes.first == UInt8(ascii: "!") {
                leaving.append(Path(Self.unescaped(field.bytes.dropFirst())))
                continue
            }
            guard let place = field.bytes.firstIndex(where: { "+=-?".utf8.contains($0) }),
                let variable = VariableName(ByteString(field.bytes[..<place]).description)
            else { continue }
            let parts = field.bytes[(place + 1)...].split(
                separator: Self.tilde, maxSplits: 1, omittingEmptySubsequences: false)
            let ours = Self.unescaped(parts[0])
            let was = parts.count > 1 ? Self.unescaped(parts[1]) : nil
            switch field.bytes[place] {
            case UInt8(ascii: "+"):
                let entries = ours.split(separator: UInt8(ascii: ":")).filter { !$0.isEmpty }
                lists.append(List(variable: variable, entries: entries, wasSet: was != nil))
            case UInt8(ascii: "="): scalars.append(Scalar(variable: variable, ours: .value(ours), was: was))
            case UInt8(ascii: "-"): scalars.append(Scalar(variable: variable, ours: .hidden, was: was))
            default: scalars.append(Scalar(variable: variable, ours: .unknown, was: was))
            }
        }
    }

    private static let semicolon = UInt8(ascii: ";")
    private static let tilde = UInt8(ascii: "~")

    private static func escaped(_ value: ByteString) -> [UInt8] {
        var escaped: [UInt8] = []
        for byte in value.bytes {
            if byte < 0x20 || byte == 0x7f || "%;~#".utf8.contains(byte) {
                let digits = Array("0123456789ABCDEF".utf8)
                escaped += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            } else {
                escaped.append(byte)
            }
        }
        return escaped
    }

    private static func unescaped(_ text: ArraySlice<UInt8>) -> ByteString {
        var bytes: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let value = UInt8(ByteString(rest.prefix(2)).description, radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return ByteString(bytes)
    }
}

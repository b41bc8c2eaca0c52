internal import EnvdCore

/// What a bash said of itself before and after it had sourced scripts: the output of `ActivationShell`'s program.
struct ShellSnapshot {
    /// What is exported, but for names that are no identifiers and those that every shell changes as it goes.
    private(set) var exported: [VariableName: ByteString] = [:]
    /// What is set without being exported.
    private(set) var unexported: Set<VariableName> = []
    /// What else of the shell is another than before, for people: `aliases`, `the function x`, `the variable X`.
    private(set) var changes: [String] = []
    /// The script that was begun last.
    private(set) var script: Int?
    /// Whether it came to its end.
    private(set) var isWhole = false

    init(_ output: [UInt8]) {
        var states: [[UInt8]: [[UInt8]]] = [:]
        var fields = output.split(separator: 0, omittingEmptySubsequences: false).makeIterator()
        while let tag = fields.next() {
            switch String(decoding: tag, as: UTF8.self) {
            case "script": script = fields.next().flatMap { Int(String(decoding: $0, as: UTF8.self)) }
            case "environment":
                while let entry = fields.next(), let equals = entry.firstIndex(of: UInt8(ascii: "=")) {
                    note(entry[..<equals], entry[(equals + 1)...])
                }
            // Where nothing is exported, programs do not start any more.
            case "done": isWhole = !exported.isEmpty
            default: states[Array(tag), default: []].append(Array(fields.next() ?? []))
            }
        }
        for name in Self.lines(states.removeValue(forKey: Array("variables".utf8))?.last) {
            if let name = VariableName(name), exported[name] == nil { unexported.insert(name) }
        }
        for name in Self.lines(states.removeValue(forKey: Array("functions".utf8))?.last) {
            let name = name.split(separator: " ").last.map(String.init) ?? ""
            if !name.hasPrefix("_") { changes.append("the function \(name)") }
        }
        for (tag, values) in states where Set(values).count > 1 {
            changes.append(String(decoding: tag, as: UTF8.self))
        }
        changes.sort()
    }

    /// The variable that one of `changes` is about.
    static func variable(ofChange change: String) -> VariableName? {
        let start = "the variable "
        return change.hasPrefix(start) ? VariableName(String(change.dropFirst(start.count))) : nil
    }

    private mutating func note(_ name: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) {
        guard let name = VariableName(String(decoding: name, as: UTF8.self)), !name.isVolatile else { return }
        exported[name] = ByteString(value)
    }

    private static func lines(_ text: [UInt8]?) -> [String] {
        String(decoding: text ?? [], as: UTF8.self).split(separator: "\n").map(String.init)
    }
}

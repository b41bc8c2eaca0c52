package import EnvdCore

/// Judges environment markers (PEP 508) for an interpreter on this machine.
///
/// Only what lock files are full of is known: the Python's version, the platform and the machine. A marker
/// that asks for anything else is not judged, and the engine does it.
package struct MarkerEnvironment: Hashable, Sendable {
    private var values: [String: String]
    /// Normalised; nil where a marker that asks for an extra is not judged.
    private let extras: Set<String>?

    /// - Parameter extras: those that are wanted, normalised, where markers may ask for one.
    package init(
        interpreter: Interpreter, machine: String = MarkerEnvironment.machine, extras: Set<String>? = nil
    ) {
        self.extras = extras
        let pieces = interpreter.version.split(separator: ".").prefix(2)
        values = [
            "python_version": pieces.joined(separator: "."), "python_full_version": interpreter.version,
            "implementation_version": interpreter.version, "sys_platform": "linux", "platform_system": "Linux",
            "os_name": "posix", "platform_machine": machine, "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
        ]
    }

    /// What `uname -m` says, which is what this program was made for.
    package static var machine: String {
        #if arch(arm64)
            "aarch64"
        #else
            "x86_64"
        #endif
    }

    /// Whether a marker holds; nil where it asks for something that is not known here.
    package func holds(_ marker: String) -> Bool? {
        var tokens = Self.tokens(marker)[...]
        guard let value = alternatives(&tokens), tokens.isEmpty else { return nil }
        return value.truth
    }

    /// Three-valued: unknown where `truth` is nil.
    private struct Judgement { var truth: Bool? }

    private func alternatives(_ tokens: inout ArraySlice<String>) -> Judgement? {
        guard var value = all(&tokens) else { return nil }
        while tokens.first == "or" {
            tokens.removeFirst()
            guard let other = all(&tokens) else { return nil }
            value.truth = value.truth == true || other.truth == true ? true : (value.truth == nil ? nil : other.truth)
        }
        return value
    }

    private func all(_ tokens: inout ArraySlice<String>) -> Judgement? {
        guard var value = one(&tokens) else { return nil }
        while tokens.first == "and" {
            tokens.removeFirst()
            guard let other = one(&tokens) else { return nil }
            value.truth =
                value.truth == false || other.truth == false ? false : (value.truth == nil ? nil : other.truth)
        }
        return value
    }

    private func one(_ tokens: inout ArraySlice<String>) -> Judgement? {
        if tokens.first == "(" {
            tokens.removeFirst()
            guard let value = alternatives(&tokens), tokens.popFirst() == ")" else { return nil }
            return value
        }
        guard let left = tokens.popFirst(), var comparison = tokens.popFirst() else { return nil }
        if comparison == "not" {
            guard tokens.popFirst() == "in" else { return nil }
            comparison = "not in"
        }
        guard let right = tokens.popFirst() else { return nil }
        return Judgement(truth: compare(left, comparison, right))
    }

    private func compare(_ left: String, _ comparison: String, _ right: String) -> Bool? {
        if let extras, left == "extra" || right == "extra" {
            let name = PackageName.normalised((left == "extra" ? right : left).drop { $0 == "'" })
            switch comparison {
            case "==": return extras.contains(name)
            case "!=": return !extras.contains(name)
            default: return nil
            }
        }
        guard let mine = value(left), let its = value(right) else { return nil }
        if comparison == "in" { return its.firstRange(of: mine) != nil }
        if comparison == "not in" { return its.firstRange(of: mine) == nil }
        if let version = PythonVersion(mine), let specifiers = VersionSpecifiers([comparison + its]) {
            return specifiers.contain(version)
        }
        return switch comparison {
        case "==": mine == its
        case "!=": mine != its
        default: nil
        }
    }

    private func value(_ token: String) -> String? {
        if token.hasPrefix("'") { return String(token.dropFirst()) }
        return values[token]
    }

    /// Words, parentheses, comparisons, and texts with a leading `'`.
    private static func tokens(_ marker: String) -> [String] {
        var tokens: [String] = []
        var rest = marker[...]
        while let first = rest.first {
            if first.isWhitespace {
                rest = rest.dropFirst()
            } else if first == "(" || first == ")" {
                tokens.append(String(first))
                rest = rest.dropFirst()
            } else if first == "'" || first == "\"" {
                let text = rest.dropFirst().prefix { $0 != first }
                tokens.append("'" + text)
                rest = rest.dropFirst(text.count + 2)
            } else {
                let isWord = first.isLetter || first == "_"
                let word = rest.prefix { (isWord ? $0.isLetter || $0 == "_" : "<>=!~".contains($0)) }
                guard !word.isEmpty else { return [] }
                tokens.append(String(word))
                rest = rest.dropFirst(word.count)
            }
        }
        return tokens
    }
}

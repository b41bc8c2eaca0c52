package import EnvdCore

/// What pip says on standard error when it fails.
package struct PipFailure: Hashable, Sendable {
    private let lines: [String]
    private let text: String

    package init(_ standardError: [UInt8]) {
        text = String(decoding: standardError, as: UTF8.self)
        lines = text.split(separator: "\n").map { String($0.trimmed) }.filter { !$0.isEmpty }
    }

    private func says(_ words: String...) -> Bool { words.contains { text.contains($0) } }

    private var errors: [String] {
        lines.filter { $0.lowercased().hasPrefix("error: ") }.map { String($0.dropFirst("error: ".count)) }
    }

    /// The package of which there is no version that fits: `… the requirement NAME>=2 (from versions: none)`.
    var missing: String? {
        let line = errors.first { $0.hasPrefix("Could not find a version") }
        guard let line, let range = line.firstRange(of: " the requirement ") else { return nil }
        return String(line[range.upperBound...].prefix { $0.isLetter || $0.isNumber || "-_.".contains($0) })
    }

    /// The failure as a person has to know it.
    package func diagnostic(_ verb: String, _ object: String, manifest: Path) -> Diagnostic {
        func told(_ cause: String, _ hint: String?) -> Diagnostic {
            var cause = cause
            if cause.hasSuffix(".") { cause.removeLast() }
            let small = cause.prefix(1).lowercased() + cause.dropFirst()
            return Diagnostic("could not \(verb) `\(object)`: \(small)", at: .naming(missing, in: manifest), hint: hint)
        }
        let last = errors.last ?? lines.last ?? "pip gave no reason"
        if says("DO NOT MATCH THE HASHES") {
            return told(
                "a file that the index serves is not the one that was locked (hash mismatch)",
                "the index or a proxy serves another file than the one that was locked; if that is right, lock again")
        }
        if NetworkWords.appear(in: text) {
            return told("the index could not be reached: \(errors.first ?? last)", nil).ofNetwork()
        }
        if says("subprocess-exited-with-error", "metadata-generation-failed", "Failed building") {
            if let missing = MissingSystemPackage(text) { return told(missing.cause, missing.hint) }
            let said = lines.last { $0.contains("Error: ") && !$0.hasPrefix("error: ") }
            return told(
                said ?? "a package could not be built",
                "the build's log has all that the build backend said")
        }
        if says("ResolutionImpossible", "conflicting dependencies") {
            let conflict = errors.first { $0.hasPrefix("Cannot install") }
            return told(conflict ?? last, "loosen one of the requirements that exclude each other")
        }
        if let missing = errors.first(where: { $0.hasPrefix("Could not find a version") }) {
            return told(
                missing,
                missing.contains("from versions: none")
                    ? "check the name in \(manifest.name)" : "check the version in \(manifest.name)")
        }
        return told(last, nil)
    }
}

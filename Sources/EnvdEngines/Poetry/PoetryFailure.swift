internal import EnvdCore
internal import EnvdPackaging

/// What Poetry says when it fails.
struct PoetryFailure {
    private let text: String
    private let lines: [String]

    init(_ result: CommandResult) {
        text = String(decoding: result.standardError, as: UTF8.self)
        lines = text.split(separator: "\n").map { String($0.trimmed) }.filter { !$0.isEmpty }
    }

    private func says(_ words: String...) -> Bool { words.contains { text.contains($0) } }

    /// Whether the lock file that it started from is the trouble.
    var isAboutLock: Bool {
        says("Unable to read the lock file", "The lock file is not compatible", "does not have a metadata entry")
    }

    func diagnostic(_ verb: String, _ object: String, manifest: Path) -> Diagnostic {
        func told(_ cause: String, _ hint: String?, naming package: String? = nil) -> Diagnostic {
            let clean = cause.hasSuffix(".") ? String(cause.dropLast()) : cause
            let small = clean.prefix(1).lowercased() + clean.dropFirst()
            return Diagnostic("could not \(verb) `\(object)`: \(small)", at: .naming(package, in: manifest), hint: hint)
        }
        if let line = lines.first(where: { $0.contains("Authorization error accessing") }) {
            return told(
                "the index refuses: \(line)",
                "set and export POETRY_HTTP_BASIC_<NAME>_USERNAME and _PASSWORD in a shell that has loaded the hook")
        }
        if let line = lines.first(where: { $0.contains("version solving failed") }) {
            // `Because demo depends on idna (^99) which doesn't match any versions, …`
            let package = line.firstRange(of: "depends on ").map { PackageName.leading(line[$0.upperBound...]) }
            let reason = lines.filter { $0.hasPrefix("Because") || $0.contains("version solving failed") }
            return told(
                reason.joined(separator: " "), "loosen the constraint, or check the name in \(manifest.name)",
                naming: package)
        }
        if let line = lines.first(where: { NetworkWords.appear(in: $0) }) {
            return told("the index could not be reached: \(line)", nil).ofNetwork()
        }
        if says("Expecting value: line 1 column 1") {
            return told(
                "the index answers in a way that poetry does not know",
                "where PyPI is replaced by another index, name it as a `[[tool.poetry.source]]`")
        }
        if let line = lines.first(where: { $0.hasPrefix("Current Python version") }) {
            return told(line, "change `python` in \(manifest.name)")
        }
        if let start = lines.firstIndex(where: { $0.hasPrefix("The Poetry configuration is invalid") }) {
            let reason = lines.dropFirst(start + 1).first.map { String($0.drop { "- ".contains($0) }) }
            return told("the configuration is invalid: \(reason ?? "")", "poetry check says more")
        }
        let cause = lines.first { !$0.hasPrefix("Warning:") && !$0.hasPrefix("The currently activated") }
        return told(cause ?? "poetry gave no reason", "the build's log has all that poetry said")
    }
}

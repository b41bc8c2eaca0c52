package import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// What uv says on standard error when it fails: an `error:` line, its causes and a hint.
package struct UvFailure: Hashable, Sendable {
    /// The `error:` line and each cause after it, first line only.
    package private(set) var chain: [String] = []
    /// Lines below a cause, without their indentation.
    package private(set) var details: [String] = []
    package private(set) var hint: String?
    private let text: String

    package init(_ standardError: [UInt8]) {
        text = Self.withoutEscapes(String(decoding: standardError, as: UTF8.self))
        var isInError = false
        var isWrapped = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            // Older versions draw a tree, newer ones write `cause:`.
            let plain = line.drop { " \t│×╰├─▶".contains($0) }
            if let hint = Self.rest(plain, after: "hint:") {
                self.hint = self.hint ?? hint
                isInError = false
            } else if let error = Self.rest(line, after: "error:") {
                chain.append(error)
                isInError = true
            } else if let cause = Self.rest(plain, after: "cause:") ?? Self.rest(plain, after: "Caused by:") {
                chain.append(cause)
            } else if line.contains("×") || line.contains("╰─▶") || line.contains("├─▶") {
                chain.append(String(plain))
                isInError = true
                isWrapped = true
            } else if plain.isEmpty {
                isWrapped = false
            } else if isWrapped, let last = chain.popLast() {
                // A tree is wrapped to the width of a terminal.
                chain.append("\(last) \(plain)")
            } else if isInError {
                details.append(String(plain))
            }
        }
    }

    private static func rest(_ line: some StringProtocol, after word: String) -> String? {
        line.hasPrefix(word) ? String(line.dropFirst(word.count).trimmed) : nil
    }

    /// Control sequences (ECMA-48) taken out.
    private static func withoutEscapes(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let escape = rest.firstIndex(of: "\u{1B}") {
            result += rest[..<escape]
            rest = rest[rest.index(after: escape)...].drop { !$0.isLetter }.dropFirst()
        }
        return result + rest
    }

    private func says(_ words: String...) -> Bool { words.contains { text.contains($0) } }

    /// Whether the index or a repository could not be reached, or was in trouble itself.
    package var isNetwork: Bool {
        if says("401 Unauthorized", "403 Forbidden") { return false }
        if says("status server error", "408 Request Timeout", "429 Too Many Requests") { return true }
        if says("status client error") { return false }
        return says(
            "error sending request", "tcp connect error", "dns error", "operation timed out", "Failed to connect to",
            "Could not resolve host", "Network connectivity is disabled", "network was disabled", "Failed to fetch",
            "error decoding response body", "connection closed before message completed", "Connection reset by peer")
    }

    /// The failure as a person has to know it.
    ///
    /// - Parameters:
    ///   - verb: what was tried: `resolve`, `install`, `make`.
    ///   - manifest: the file that a failure is about where uv names none.
    ///   - workingDirectory: what relative paths in uv's words are relative to.
    package func diagnostic(_ verb: String, _ object: String, manifest: Path, workingDirectory: Path) -> Diagnostic {
        let place = location(manifest: manifest, workingDirectory: workingDirectory)
        func told(_ cause: String, _ hint: String?, verb: String = verb, object: String = object) -> Diagnostic {
            Diagnostic("could not \(verb) `\(object)`: \(Self.mildly(cause))", at: place, hint: hint)
        }
        let package = chain.lazy.compactMap(Self.quoted).first.map {
            $0.split(separator: " ").first.map(String.init) ?? $0
        }
        if says("No space left on device", "os error 28", "Disk quota exceeded") {
            return told("no space is left on the device", "free some space, then `envd build`")
        }
        if says("Hash mismatch") {
            return told(
                "the file that the index serves is not the one that was locked (hash mismatch)",
                "the index or a proxy serves another file than the one that was locked; if that is right, lock again",
                verb: "install", object: package ?? object)
        }
        if says("401 Unauthorized", "403 Forbidden") {
            return told(chain.last ?? "the index refused", "check the credentials for this index (UV_INDEX_…, netrc)")
        }
        if isNetwork {
            let cause = [chain.first { $0.contains("://") }, chain.last].compactMap { $0 }.map(Self.mildly)
            return told(
                Array(cause.reduce(into: [String]()) { if $0.last != $1 { $0.append($1) } }).joined(separator: ": "),
                nil
            ).ofNetwork()
        }
        if says("The build backend returned an error", "Failed to build", "Build backend failed") {
            let of = chain.first { $0.hasPrefix("Failed to build") }.flatMap(Self.quoted)
                .map { $0.split(separator: " ").first.map(String.init) ?? $0 }
            if let missing = MissingSystemPackage(text) {
                return Diagnostic(
                    "could not build `\(of ?? object)`: \(missing.cause)", at: place, hint: missing.hint)
            }
            let words = details.suffix(4).joined(separator: "\n")
            let script = of == nil ? setupScriptLine.map { Diagnostic.Location(file: manifest, line: $0) } : nil
            return Diagnostic(
                "could not build `\(of ?? object)`: \(details.last ?? chain.last ?? "the build backend failed")",
                at: manifest.name == "setup.py" ? script ?? place : place,
                hint: words.contains("\n")
                    ? "the build backend said last:\n\(words)" : "the build's log has all that the build backend said")
        }
        if says("was not found in the package registry") {
            return told("`\(subject ?? "a package")` is not on the package index", "check the name in \(manifest.name)")
        }
        if says("Python requirement", "does not satisfy Python", "No interpreter found") {
            return told(solution, "change `requires-python`, or install a python that fits")
        }
        return told(solution, hint.map(Self.mildly) ?? "change a version in \(manifest.name) so that all of them fit")
    }

    /// The chain as one sentence, without uv's framing.
    private var solution: String {
        var causes = chain
        if causes.count > 1, causes[0].hasPrefix("No solution found") { causes.removeFirst() }
        if causes.isEmpty {
            let last = text.split(separator: "\n").last { !$0.trimmed.isEmpty }
            causes = [last.map { String($0.trimmed) } ?? "uv gave no reason"]
        }
        return causes.map { cause in
            var cause = cause
            if let end = cause.firstRange(of: ", we can conclude that") { cause = String(cause[..<end.lowerBound]) }
            return Self.mildly(cause)
        }.joined(separator: ": ")
    }

    /// Lower case at the start, no full stop at the end.
    private static func mildly(_ text: String) -> String {
        var text = text
        if text.hasSuffix("."), !text.hasSuffix("..") { text.removeLast() }
        let second = text.dropFirst().first
        guard second.map({ $0.isLowercase || $0 == " " || $0 == "'" }) ?? true else { return text }
        return text.prefix(1).lowercased() + text.dropFirst()
    }

    /// The first text in backquotes.
    private static func quoted(_ text: String) -> String? {
        let pieces = text.split(separator: "`", omittingEmptySubsequences: false)
        return pieces.count >= 3 ? String(pieces[1]) : nil
    }

    private static func number(in text: String, after word: String) -> Int? {
        guard let range = text.firstRange(of: word) else { return nil }
        return Int(text[range.upperBound...].prefix { $0.isNumber })
    }

    /// `line 5` of a TOML error, `position 27` of a requirements file, else the line of the manifest that
    /// names the package which cannot be had.
    private func location(manifest: Path, workingDirectory: Path) -> Diagnostic.Location {
        if says("TOML parse error"), let line = Self.number(in: text, after: "TOML parse error at line ") {
            let named = chain.first { $0.hasPrefix("Failed to parse: ") }.map {
                $0.dropFirst("Failed to parse: ".count)
            }
            let file = named.map { Path(String($0.filter { $0 != "`" })) } ?? manifest
            return Diagnostic.Location(file: workingDirectory.appending(file).withoutDots, line: line)
        }
        // The last one names the included file.
        for cause in chain.reversed() {
            guard let position = Self.number(in: cause, after: "at position "), let name = Self.quoted(cause) else {
                continue
            }
            let file = workingDirectory.appending(Path(name)).withoutDots
            let content = (try? FileSystem.read(file)) ?? []
            return Diagnostic.Location(
                file: file, line: 1 + content.prefix(position).count { $0 == UInt8(ascii: "\n") })
        }
        return .naming(subject, in: manifest)
    }

    /// Where a traceback ends in a setup.py, whose text setuptools runs under no name of its own.
    private var setupScriptLine: Int? {
        guard let run = details.lastIndex(where: { $0.hasPrefix("exec(code") }) else { return nil }
        return details[run...].lazy.compactMap { Self.number(in: $0, after: "File \"<string>\", line ") }.first
    }

    /// The package that the resolver complains of first.
    private var subject: String? {
        for cause in chain {
            for beginning in ["Because there is no version of ", "Because only "] {
                guard let range = cause.firstRange(of: beginning) else { continue }
                return PackageName.leading(cause[range.upperBound...])
            }
            if let range = cause.firstRange(of: " was not found in the package registry") {
                return cause[..<range.lowerBound].split(separator: " ").last.map(String.init)
            }
        }
        return nil
    }
}

package import EnvdCore

/// What the driver says when something cannot be had: a kind, rattler's words, and what they are about.
package struct RattlerFailure: Hashable, Sendable {
    package var kind: String
    package var message: String
    /// `numpy 1.26.4`, or a spec.
    package var package: String
    /// A channel's or an archive's address.
    package var address: String

    package init(kind: String, message: String, package: String = "", address: String = "") {
        self.kind = kind
        self.message = message
        self.package = package
        self.address = address
    }

    init(_ table: [String: CanonicalValue]) {
        self.init(
            kind: table["kind"]?.text ?? "", message: table["message"]?.text ?? "",
            package: table["package"]?.text ?? "", address: table["channel"]?.text ?? "")
    }

    /// The failure as a person has to know it.
    ///
    /// - Parameters:
    ///   - verb: what was tried: `resolve`, `install`.
    ///   - manifest: the file that it is about; nil where there is none.
    /// Whether what was fetched before may do.
    var isNetwork: Bool { kind == "network" || kind == "stalled" }

    package func diagnostic(_ verb: String, _ object: String, manifest: Path?) -> Diagnostic {
        let manifestName = manifest?.name.description ?? "the manifest"
        func told(_ text: String, hint: String?, naming name: String? = nil) -> Diagnostic {
            Diagnostic(Redaction()(text), at: manifest.map { .naming(name, in: $0) }, hint: hint)
        }
        let about = package.isEmpty ? object : package
        let name = package.split { " =<>!~[".contains($0) }.first.map(String.init)
        switch kind {
        case "unsatisfiable": return unsatisfiable(verb, object, manifest: manifest)
        case "spec":
            return told(
                "could not \(verb) `\(object)`: `\(package)` is no spec of a conda package: \(lastCause)",
                hint: "write `name`, `name 1.2.*` or `name >=1.2,<2`", naming: name)
        case "virtual":
            return told(
                "could not \(verb) `\(object)`: the version of `\(package)` is none: \(lastCause)",
                hint: "check CONDA_OVERRIDE_\(package.drop { $0 == "_" }.uppercased())")
        case "channel":
            return told(
                "could not read `\(address)`: there is no such channel", hint: "check `channels:` in \(manifestName)",
                naming: channelName)
        case "repodata":
            return told(
                "could not read `\(address)`: \(lastCause)",
                hint: "the channel may be broken; `envd build` tries again",
                naming: channelName)
        case "stalled":
            let about = address.isEmpty ? "the channels of \(manifestName)" : "`\(address)`"
            return told("could not \(verb) `\(object)`: from \(about) \(message)", hint: nil).ofNetwork()
        case "network": return told("could not reach `\(address)`: \(lastCause)", hint: nil).ofNetwork()
        case "offline":
            return told(
                package.isEmpty
                    ? "could not \(verb) `\(object)`: the cache does not have `\(address)`, and the network may not be used"
                    : "could not install `\(package)`: it is not in the cache, and the network may not be used",
                hint: "envd works offline because of a setting (`offline` in .condarc)", naming: name)
        case "missing":
            return told(
                "could not fetch `\(about)`: there is no `\(address)`",
                hint: "the channel does not have it any more: resolve or lock anew", naming: name)
        case "archive":
            return told(
                "could not unpack `\(about)`: the archive is broken: \(lastCause)",
                hint: "`\(Redaction()(address))` is not whole; the channel has to mend it", naming: name)
        case "hash":
            return told(
                "could not install `\(about)`: the archive has another hash than the channel or the lock file says",
                hint: "`\(Redaction()(address))` is another file than was meant; if that is right, lock anew",
                naming: name)
        case "path":
            return told(
                "could not install `\(about)`: \(message)",
                hint: "the package is broken or meant to do harm: do not use it",
                naming: name)
        case "space":
            return told(
                "could not \(verb) `\(object)`: no space is left on the device",
                hint: "free some space, then `envd build`")
        default:
            return told("could not \(verb) `\(about)`: \(lastCause)", hint: nil, naming: name)
        }
    }

    private var channelName: String? { address.split(separator: "/").last.map(String.init) }

    /// The innermost reason of rattler's chain.
    private var lastCause: String {
        let lines = message.split(separator: "\n").map { String($0.trimmed) }
        let cause = lines.last { $0.hasPrefix("Caused by: ") }.map { String($0.dropFirst("Caused by: ".count)) }
        return Self.mildly(cause ?? lines.last ?? "rattler gave no reason")
    }

    private static func mildly(_ text: String) -> String {
        let text = text.hasSuffix(".") ? String(text.dropLast()) : text
        let second = text.dropFirst().first
        return second?.isLowercase ?? false ? text.prefix(1).lowercased() + text.dropFirst() : text
    }

    // MARK: The solver's explanation

    /// More lines help nobody.
    private static let longest = 24

    private func unsatisfiable(_ verb: String, _ object: String, manifest: Path?) -> Diagnostic {
        var text = message
        let frame = "Cannot solve the request because of: "
        if text.hasPrefix(frame) { text = String(text.dropFirst(frame.count)) }
        let lines = text.split(separator: "\n").map(String.init)
        func told(_ cause: String, hint: String, naming spec: String?) -> Diagnostic {
            let name = spec?.split { " =<>!~[".contains($0) }.first.map(String.init)
            return Diagnostic(
                "could not \(verb) `\(object)`: \(cause)", at: manifest.map { .naming(name, in: $0) },
                hint: Redaction()(hint))
        }
        if lines.count == 1, let spec = Self.between(text, "No candidates were found for ", nil) {
            return told(
                "no channel has `\(Self.plain(spec))`",
                hint:
                    "check the name and the version in \(manifest?.name.description ?? "the manifest"), and its channels",
                naming: spec)
        }
        var shown = lines.prefix(Self.longest).joined(separator: "\n")
        if lines.count > Self.longest { shown += "\n… and \(lines.count - Self.longest) lines more" }
        let explanation = "the solver says:\n\(shown)"
        let first = lines.lazy.compactMap { Self.between($0, "─ ", nil) ?? Self.between($0, "", " cannot be") }.first
        let lacking = lines.lazy.compactMap { line in
            line.firstRange(of: "__").flatMap {
                Self.between(String(line[$0.lowerBound...]), "", ", for which no candidates were found")
            }
        }.first
        if let lacking {
            return told("this machine has no `\(Self.plain(lacking))`", hint: explanation, naming: first)
        }
        if text.contains("strict channel priority") {
            return told(
                "the specs do not fit together, with strict channel priority",
                hint: explanation + "\n`channel_priority: flexible` looks into later channels too", naming: first)
        }
        return told("the specs do not fit together", hint: explanation, naming: first)
    }

    private static func between(_ text: String, _ start: String, _ end: String?) -> String? {
        guard let from = start.isEmpty ? text.startIndex : text.firstRange(of: start)?.upperBound else { return nil }
        let rest = text[from...]
        guard let end else { return String(rest) }
        return rest.firstRange(of: end).map { String(rest[..<$0.lowerBound]) }
    }

    /// `nope *.` is `nope`.
    private static func plain(_ spec: String) -> String {
        var spec = spec
        if spec.hasSuffix(".") { spec.removeLast() }
        return spec.hasSuffix(" *") ? String(spec.dropLast(2)) : spec
    }

}

internal import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// What uv says where it may not build a package from source (0.13).
struct UvSourceRefusal {
    /// Packages of indexes that have no wheel which fits, by normalised name.
    private(set) var packages: Set<String> = []
    /// Packages of addresses and directories, which their manifest names as such.
    private(set) var direct: Set<String> = []
    /// Whether metadata of the project, or of a directory whose package's name only a build tells, would have to be
    /// built.
    private(set) var isOfLocal = false

    init(_ result: CommandResult) {
        guard !result.succeeded, case .exited = result.ending else { return }
        let text = String(decoding: result.standardError, as: UTF8.self)
        for line in text.split(separator: "\n") {
            if let range = line.firstRange(of: "Wheels are required for `"), line.contains("building from source") {
                packages.insert(PackageName.canonical(PackageName.leading(line[range.upperBound...])))
            }
            if line.contains("Building source distributions is disabled") { isOfLocal = true }
        }
        guard text.contains("Building source distributions for ") else { return }
        for line in text.split(separator: "\n") {
            guard let range = line.firstRange(of: "uild `") else { continue }
            let object = line[range.upperBound...].prefix { $0 != "`" }
            let name = PackageName.canonical(PackageName.leading(object))
            if object.contains(" @ ") { direct.insert(name) } else { packages.insert(name) }
        }
    }
}

extension UvBuild {
    /// Which command it is: their options have other names.
    enum Chooser {
        case pip
        case lock
    }

    /// Runs a command that chooses packages, kept from building those that nobody allowed.
    ///
    /// uv knows either no builds at all or those of packages that are never taken as wheels. So what is allowed is
    /// first chosen by its source, which has the newest versions; where that does not fit, by its wheels.
    ///
    /// - Throws: the packages without a wheel that fits, as a question to the user.
    func choosing(
        _ arguments: [ByteString], by chooser: Chooser = .pip, writable: [Path] = [], in directory: Path? = nil,
        with variables: [ByteString: ByteString] = [:]
    ) async throws(Diagnostic) -> CommandResult {
        guard case .named(let granted) = context.sourceBuilds else {
            return await run(arguments, writable: writable, in: directory, with: variables)
        }
        var direct: Set<String> = []
        var built = granted
        var isLate = granted.isEmpty
        while true {
            let limits = Self.limits(built.union(direct), chooser)
            let result = await run(arguments + limits, writable: writable, in: directory, with: variables)
            if result.succeeded { return result }
            let refusal = UvSourceRefusal(result)
            // What is there by its own name was allowed as such.
            let further = refusal.direct.subtracting(direct)
            let allowed = refusal.packages.intersection(granted).subtracting(built)
            let missing = refusal.packages.subtracting(granted).subtracting(direct)
            if !further.isEmpty || !allowed.isEmpty {
                direct.formUnion(further)
                built.formUnion(allowed)
            } else if !missing.isEmpty {
                let probe = chooser == .lock ? nil : arguments + limits
                throw question(
                    of: await all(missing, granted: granted, probe, writable: writable, in: directory, variables))
            } else if !isLate, String(decoding: result.standardError, as: UTF8.self).contains("No solution found") {
                // Of what was allowed, the versions that fit may have wheels alone.
                isLate = true
                built = []
            } else {
                return result
            }
        }
    }

    private static func limits(_ built: Set<String>, _ chooser: Chooser) -> [ByteString] {
        let names = built.sorted().map { ByteString($0) }
        return switch chooser {
        case .pip: ["--only-binary", ":all:"] + names.flatMap { ["--no-binary", $0] }
        case .lock: ["--no-build"] + names.flatMap { ["--no-binary-package", $0] }
        }
    }

    /// uv tells one package at a time: each is left out in turn to hear of the others, so that they are asked for
    /// together.
    private func all(
        _ first: Set<String>, granted: Set<String>, _ arguments: [ByteString]?, writable: [Path], in directory: Path?,
        _ variables: [ByteString: ByteString]
    ) async -> Set<String> {
        var found = first
        guard let arguments else { return found }
        for _ in 0..<Self.maximumQuestions {
            let text = found.sorted().map { "\($0) ; python_version < '0'\n" }.joined()
            guard let file = try? write("left-out.txt", text) else { break }
            let result = await engine.run(
                arguments + ["--overrides", file.bytes], writable: writable, context: silent, in: directory,
                with: variables)
            let more = UvSourceRefusal(result).packages.subtracting(granted).subtracting(found)
            if more.isEmpty { break }
            found.formUnion(more)
        }
        return found
    }

    private static let maximumQuestions = 24

    /// For tries whose failure is an answer.
    private var silent: EngineContext {
        var silent = context
        silent.log = { _ in }
        return silent
    }

    /// What nobody allowed to be built, for `--only-binary` lines: of exact packages only those are meant.
    func limits(for resolution: String) -> String {
        guard case .named = context.sourceBuilds else { return "" }
        let names = Set(RequirementsText(resolution).lines.compactMap(\.pin).map(\.name))
        return names.filter { !context.sourceBuilds.allows($0) }.sorted().map { "--only-binary \($0)\n" }.joined()
    }

    /// - Throws: as a question to the user, where exact packages could not be installed for want of wheels.
    ///
    /// - Parameters:
    ///   - lines: exact packages.
    ///   - arguments: of a dry run that is told of a file of them at its end.
    func ask(
        about result: CommandResult, _ lines: String, _ header: String, _ arguments: [ByteString]
    ) async throws(Diagnostic) {
        var missing = UvSourceRefusal(result).packages.filter { !context.sourceBuilds.allows($0) }
        guard !missing.isEmpty else { return }
        for _ in 0..<Self.maximumQuestions {
            let rest = RequirementsText(lines).lines.filter { line in
                line.pin.map { !missing.contains($0.name) } ?? true
            }
            let text = rest.map(\.text).joined()
            guard !rest.isEmpty, let file = try? write("rest.txt", header + limits(for: text) + text) else { break }
            let tried = await engine.run(
                arguments.prefix(2) + ["--dry-run"] + arguments.dropFirst(2) + [file.bytes], writable: [],
                context: silent, in: nil, with: [:])
            let more = UvSourceRefusal(tried).packages.filter { !context.sourceBuilds.allows($0) }.subtracting(missing)
            if more.isEmpty { break }
            missing.formUnion(more)
        }
        throw question(of: missing)
    }

    private func question(of names: Set<String>) -> Diagnostic {
        .sourceDistributions(names, of: object, manifest: manifest)
    }
}

extension Diagnostic {
    /// Packages that could only be built from source, which their user has not allowed.
    static func sourceDistributions(_ names: Set<String>, of object: String, manifest: Path) -> Diagnostic {
        let sorted = names.sorted()
        let shown = sorted.prefix(4).map { "`\($0)`" }.joined(separator: ", ")
        let rest = sorted.count > 4 ? " and \(sorted.count - 4) more" : ""
        let verb = sorted.count == 1 ? "has" : "have"
        return Diagnostic(
            "could not install `\(object)`: \(shown)\(rest) \(verb) no wheel that fits, and a build from source was not allowed",
            at: .naming(sorted.first, in: manifest),
            hint: "`envd allow` allows \(sorted.count == 1 ? "it" : "them"): building runs code of the package",
            asks: sorted.map { NamedSource(CodeSource(.sourceDistribution, $0), at: .naming($0, in: manifest)) })
    }
}

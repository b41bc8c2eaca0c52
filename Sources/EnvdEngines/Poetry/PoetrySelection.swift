internal import EnvdCore
internal import EnvdManifest
internal import EnvdPackaging
internal import EnvdSystem

/// What of a poetry.lock a layer's environment gets on one machine, as `poetry install` chooses it.
struct PoetrySelection {
    let lock: PoetryLock
    let layer: PythonLayer
    let environment: MarkerEnvironment
    let interpreter: Interpreter

    /// - Parameter layer: its groups, and its extras for the markers that ask for one.
    init(_ lock: PoetryLock, layer: PythonLayer, interpreter: Interpreter) {
        self.lock = lock
        self.layer = layer
        self.interpreter = interpreter
        environment = MarkerEnvironment(interpreter: interpreter, extras: Set(layer.extras))
    }

    /// A package, and a marker that only the installing engine can judge.
    struct Choice: Hashable {
        var package: PoetryLock.Package
        var marker: String?
    }

    /// The chosen packages by name.
    var choices: [Choice] {
        let isWalked = lock.packages.contains { $0.groups == nil }
        return (isWalked ? walked : marked).sorted { $0.package.name < $1.package.name }
    }

    /// Since lock-version 2.1 each package says in which groups and where it is wanted.
    private var marked: [Choice] {
        lock.packages.compactMap { package in
            let groups = Set(package.groups ?? []).intersection(layer.groups)
            if groups.isEmpty { return nil }
            let markers = groups.map { package.markers[$0] ?? package.markers[""] }
            if markers.contains(nil) { return Choice(package: package) }
            let known = markers.compactMap(\.self)
            if known.contains(where: { environment.holds($0) == true }) { return Choice(package: package) }
            let open = known.first { environment.holds($0) == nil && $0.firstRange(of: "extra") == nil }
            return open.map { Choice(package: package, marker: $0) }
        }
    }

    /// Before that, Poetry solved once more with what is locked: the graph is walked from the direct requirements.
    private var walked: [Choice] {
        var byName: [String: [PoetryLock.Package]] = [:]
        for package in lock.packages { byName[package.name, default: []].append(package) }
        var chosen: [String: (package: PoetryLock.Package, extras: Set<String>)] = [:]
        var waiting = layer.requirements.reversed().compactMap { root($0) }.map { ($0, Set<String>()) }
        while let (edge, asked) = waiting.popLast() {
            // An optional one's marker asks for the extra of the package that needs it.
            let place = asked.isEmpty ? environment : MarkerEnvironment(interpreter: interpreter, extras: asked)
            if let marker = edge.marker, place.holds(marker) == false { continue }
            let known = chosen[edge.name]
            let extras = Set(edge.extras)
            if let known, extras.isSubset(of: known.extras) { continue }
            guard let package = known?.package ?? candidate(byName[edge.name] ?? [], edge.constraint) else { continue }
            let all = extras.union(known?.extras ?? [])
            chosen[edge.name] = (package, all)
            let wanted = Set(all.flatMap { package.extras[$0] ?? [] })
            waiting += package.dependencies.filter { !$0.isOptional || wanted.contains($0.name) }.map { ($0, all) }
        }
        return chosen.values.map { Choice(package: $0.package) }
    }

    private func root(_ requirement: String) -> PoetryLock.Edge? {
        guard let line = RequirementsText(requirement.replacing("; ", with: " ; ")).lines.first else { return nil }
        let text = line.requirement
        let name = PackageName.leading(text)
        if name.isEmpty { return nil }
        var rest = text.dropFirst(name.count)
        var extras: [String] = []
        if rest.first == "[" {
            let inside = rest.dropFirst().prefix { $0 != "]" }
            extras = inside.split(separator: ",").map { PackageName.canonical($0.trimmed) }
            rest = rest.dropFirst(inside.count + 2)
        }
        let constraint = rest.firstRange(of: "@") == nil ? String(rest.trimmed) : "*"
        return PoetryLock.Edge(
            name: PackageName.canonical(name), constraint: constraint.isEmpty ? "*" : constraint,
            marker: line.marker, extras: extras, isOptional: false)
    }

    /// Of several versions the one that the edge and the Python allow.
    private func candidate(_ packages: [PoetryLock.Package], _ constraint: String) -> PoetryLock.Package? {
        if packages.count < 2 { return packages.first }
        let fitting = packages.filter { allows(constraint, $0.version) }
        let here = fitting.filter { allows($0.pythonVersions, interpreter.version) }
        let best = here.isEmpty ? (fitting.isEmpty ? packages : fitting) : here
        return best.max {
            guard let mine = PythonVersion($0.version) else { return true }
            return PythonVersion($1.version).map { mine < $0 } ?? false
        }
    }

    private func allows(_ constraint: String, _ version: String) -> Bool {
        guard let version = PythonVersion(version), let constraint = try? PoetryConstraint(constraint) else {
            return true
        }
        return constraint.alternatives.contains { VersionSpecifiers($0)?.contain(version) ?? true }
    }

    // MARK: As a resolution

    /// The choice as requirement lines.
    ///
    /// - Parameter directory: what relative paths of the lock file are relative to.
    func resolution(relativeTo directory: Path) -> Resolution {
        var result = Resolution(hashed: "", unhashed: "", packages: [:])
        for choice in choices {
            let package = choice.package
            let marker = choice.marker.map { " ; \($0)" } ?? ""
            if package.source == nil || package.source?.kind == "legacy" {
                let hashes = package.hashes.map { " \\\n    --hash=\($0)" }.joined()
                let line = "\(package.name)==\(package.version)\(marker)\(hashes)\n"
                if hashes.isEmpty { result.unhashed += line } else { result.hashed += line }
            } else if let source = package.source {
                let address = Self.address(source, package, directory)
                let isEditable = package.isEditable && source.kind == "directory"
                result.unhashed += (isEditable ? "-e \(address)" : "\(package.name) @ \(address)") + marker + "\n"
            }
            result.packages[package.name] = package.version
        }
        return result
    }

    private static func address(_ source: PoetryLock.Source, _ package: PoetryLock.Package, _ directory: Path) -> String
    {
        let subdirectory = source.subdirectory.map { "subdirectory=\($0)" }
        switch source.kind {
        case "git":
            let commit = source.resolvedReference ?? source.reference
            return PoetryGit.url(source.url) + (commit.map { "@\($0)" } ?? "") + (subdirectory.map { "#\($0)" } ?? "")
        case "directory", "file":
            var place = directory.appending(Path(source.url)).withoutDots
            if let subdirectory = source.subdirectory { place = place / subdirectory }
            // A copy of the project reaches its neighbours by links.
            if let real = try? FileSystem.canonical(place) { place = real }
            return "file://" + PercentCoding.encoded(place) + fragment(source.kind == "file" ? [hash(package)] : [])
        default: return source.url + fragment([hash(package), subdirectory])
        }
    }

    /// An archive that is one file is held against its one hash.
    private static func hash(_ package: PoetryLock.Package) -> String? {
        guard package.hashes.count == 1, let hash = package.hashes.first else { return nil }
        return hash.replacing(":", with: "=")
    }

    private static func fragment(_ parts: [String?]) -> String {
        let known = parts.compactMap(\.self)
        return known.isEmpty ? "" : "#" + known.joined(separator: "&")
    }
}

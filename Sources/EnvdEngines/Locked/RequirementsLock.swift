internal import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// Lock files that are requirements files: what pip-tools and `uv pip compile` make of a `.in`, and rye's.
struct RequirementsLock {
    let layer: PythonLayer
    let root: Path
    let environment: MarkerEnvironment
    /// Lines of all lock files that are for this machine.
    private let lines: [RequirementsText.Line]
    private let locks: [LockFile]
    /// Whether every file that people write has a lock file beside it, and none of those includes others.
    private let isComplete: Bool

    init(_ layer: PythonLayer, root: Path, environment: MarkerEnvironment) throws(Diagnostic) {
        self.layer = layer
        self.root = root
        self.environment = environment
        let files = [layer.lock] + layer.companions.map(\.lock)
        locks = files.compactMap { $0 }
        var isComplete = locks.count == files.count
        var lines: [RequirementsText.Line] = []
        for lock in locks {
            let content = try telling { () throws(SystemError) in
                try FileSystem.read(root.appending(lock.path), limit: 32 << 20)
            }
            let text = String(decoding: content, as: UTF8.self)
            let includes = ["-r", "--requirement", "-c", "--constraint"]
            if text.split(separator: "\n").contains(where: { line in includes.contains { line.hasPrefix($0) } }) {
                isComplete = false
            }
            lines += RequirementsText(text).lines.filter { line in
                line.marker.map { environment.holds($0) != false } ?? true
            }
        }
        self.lines = lines
        self.isComplete = isComplete
    }

    func locked() -> LockedLayer {
        guard !locks.isEmpty else { return .none }
        let names = locks.map(\.path.description).joined(separator: ", ")
        let unlocked =
            [layer.manifest].filter { _ in layer.lock == nil }
            + layer.companions.filter { $0.lock == nil }.map(\.manifest)
        if !unlocked.isEmpty, !unlocked.contains(where: { $0.description.hasSuffix(".in") }) {
            // What nobody compiles is resolved beside what was: a lock file that holds none of it is not stale.
            let all = layer.requirements + layer.constraints
            return all.allSatisfy { isMet($0, isConstraint: true) } ? .partial(pins: pins) : .stale(names, pins: pins)
        }
        guard isComplete, let merged else { return .stale(names, pins: pins) }
        let wanted = layer.requirements + layer.constraints
        guard wanted.allSatisfy({ isMet($0, isConstraint: !layer.requirements.contains($0)) }) else {
            return .stale(names, pins: pins)
        }
        let directory = root.appending(locks[0].path).parent
        let local = merged.filter { $0.pin == nil || $0.isEditable }
        let pinned = merged.filter { $0.pin != nil && !$0.isEditable }
        func resolution(_ lines: [RequirementsText.Line]) -> Resolution {
            RequirementsText(lines: lines).resolution(relativeTo: directory, environment: environment)
        }
        if pinned.allSatisfy({ !$0.hashes.isEmpty }) { return .exact(resolution(pinned).adding(resolution(local))) }
        var exact = layer
        exact.requirements = pinned.map { line in
            line.requirement + (line.marker.map { " ; \($0)" } ?? "")
                + line.hashes.map { " --hash=\($0)" }.joined()
        }
        exact.constraints = []
        return .pinned(exact, resolution(local))
    }

    private var pins: String {
        lines.compactMap { line in
            line.pin.map { "\($0.name)==\($0.version)" + (line.marker.map { " ; \($0)" } ?? "") + "\n" }
        }.joined()
    }

    /// The lines with those of one package made one; nil where two files pin it differently.
    private var merged: [RequirementsText.Line]? {
        var result: [RequirementsText.Line] = []
        var places: [String: Int] = [:]
        for line in lines {
            let key = line.pin.map { "\($0.name) \(line.marker ?? "")" } ?? "\(line.isEditable) \(line.requirement)"
            guard let place = places[key] else {
                places[key] = result.count
                result.append(line)
                continue
            }
            if let mine = result[place].pin, let its = line.pin, mine.version != its.version { return nil }
            result[place].hashes += line.hashes.filter { !result[place].hashes.contains($0) }
        }
        return result
    }

    /// Whether the lock files hold what one line of the manifests asks for.
    private func isMet(_ requirement: String, isConstraint: Bool) -> Bool {
        guard let wanted = RequirementsText(requirement).lines.first else { return true }
        if let marker = wanted.marker, environment.holds(marker) == false { return true }
        if let path = wanted.localPath {
            let place = root.appending(Path(path)).withoutDots
            return lines.contains { line in
                line.localPath.map { root.appending(Path($0)).withoutDots == place } ?? false
            }
        }
        let name = PackageName.leading(wanted.requirement)
        if name.isEmpty { return lines.contains { $0.requirement == wanted.requirement } }
        let own = lines.filter {
            PackageName.canonical(PackageName.leading($0.requirement)) == PackageName.canonical(name)
        }
        if own.isEmpty { return isConstraint }
        if wanted.requirement.contains(" @ ") { return own.contains { $0.requirement.contains(" @ ") } }
        var rest = wanted.requirement.dropFirst(name.count).trimmed
        if rest.hasPrefix("[") { rest = rest.drop { $0 != "]" }.dropFirst() }
        guard let specifiers = VersionSpecifiers([String(rest)]) else { return true }
        return own.allSatisfy { line in
            guard let pin = line.pin, let version = PythonVersion(pin.version) else { return true }
            return specifiers.contain(version)
        }
    }
}

internal import EnvdControl
internal import EnvdCore
internal import EnvdEngines
internal import EnvdProtocol
internal import EnvdShell
internal import EnvdStore
internal import EnvdSystem

/// A project's environment as it lies on the disk: what can be told without a daemon.
struct DoctorEnvironment {
    let record: GenerationRecord
    var prefix: Path { record.generation.prefix }

    /// The environment of a directory.
    ///
    /// - Parameters:
    ///   - status: what the daemon says; nil: the links in the store are looked through.
    ///   - directory: canonical.
    init?(_ status: ProjectStatus?, around directory: Path, paths: StorePaths) {
        if let prefix = status?.current?.prefix {
            guard let record = Self.record(in: prefix) else { return nil }
            self.record = record
            return
        }
        let root = status?.root
        let names = (try? FileSystem.list(paths.projects)) ?? []
        let records = names.compactMap { name -> GenerationRecord? in
            let project = paths.projects.appending(Path(name))
            guard let target = try? FileSystem.linkTarget(project / "current") else { return nil }
            return Self.record(in: project.appending(target))
        }
        // The innermost project is the one that counts.
        let fitting = records.filter { root == nil ? directory.isWithin($0.project.root) : $0.project.root == root }
        guard let found = fitting.max(by: { $0.project.root.bytes.bytes.count < $1.project.root.bytes.bytes.count })
        else { return nil }
        record = found
    }

    private static func record(in prefix: Path) -> GenerationRecord? {
        guard let bytes = try? FileSystem.read(GenerationRecord.file(in: prefix)) else { return nil }
        return try? ControlCoding.decode(GenerationRecord.self, from: bytes)
    }

    var isIntact: Bool { PrefixHealth.isIntact(prefix: prefix, interpreter: record.generation.interpreter) }

    var drift: [String] {
        guard let now = PrefixContents(of: prefix),
            let bytes = try? FileSystem.read(GenerationRecord.contentsFile(in: prefix)),
            let made = try? ControlCoding.decode(PrefixContents.self, from: bytes)
        else { return [] }
        return made.drift(to: now).phrases
    }

    /// Files of packages that are not what they were when the environment was made.
    ///
    /// - Parameter thoroughly: by the content of every one.
    func damage(thoroughly: Bool) -> [PackageDamage] {
        let flaws = try? ControlCoding.decode(
            Set<PackageDamage>.self, from: FileSystem.read(GenerationRecord.flawsFile(in: prefix)))
        return PackageDamage.find(in: prefix, thoroughly: thoroughly, but: flaws ?? [])
    }

    var libraryPath: [Path] {
        record.generation.delta.additions.filter { $0.variable == .libraryPath }.flatMap(\.entries).map { Path($0) }
    }

    var report: DoctorReport.Environment {
        DoctorReport.Environment(
            root: record.project.root, generation: record.generation.number, prefix: prefix,
            python: record.generation.interpreter?.version, engine: record.generation.engine, isIntact: isIntact,
            drift: drift, libraryPath: libraryPath)
    }

    /// What is to be said of a project that no daemon tells of.
    static func findings(published environment: DoctorEnvironment?, runtime: RuntimeDirectory) -> [DoctorReport.Finding]
    {
        guard let environment else {
            return [.init(.note, "project", "no environment of envd's belongs to this directory")]
        }
        let root = environment.record.project.root
        let answer = AnswerTree(directory: runtime.path).enter(root, .bash)
        guard FileSystem.exists(answer) else {
            return [
                .init(
                    .note, "project", "\(root): built once; shells are not told to switch to it now",
                    hint: "`envd status \(root.shellWord)` starts the daemon, which tells them")
            ]
        }
        return [.init(.ok, "project", "\(root): shells are told to switch to it")]
    }

    /// What is to be said of a project by the daemon's word.
    static func findings(_ status: ProjectStatus) -> [DoctorReport.Finding] {
        let root = status.root
        let allow = "`envd allow \(root.shellWord)`"
        var findings: [DoctorReport.Finding] =
            switch status.state {
            case .ready: [.init(.ok, "project", "\(root): ready")]
            case .building:
                [.init(.note, "project", "\(root): building", hint: "`envd wait \(root.shellWord)` waits for it")]
            case .failed:
                [
                    .init(
                        .problem, "project", "\(root): the last build failed: \(status.failure?.message ?? "")",
                        hint: status.failure?.hint ?? "see `envd log \(root.shellWord)`")
                ]
            case .waitingForWord:
                [
                    .init(
                        .problem, "project", "\(root): \(status.failure?.message ?? status.state.rawValue)",
                        hint: "look at it with `envd allow --dry-run \(root.shellWord)`, then \(allow)")
                ]
            case .waitingForShell:
                [
                    .init(
                        .problem, "project",
                        "\(root): waiting for \(status.wantedVariables.map { "$\($0)" }.joined(separator: ", "))",
                        hint: "run `envd build` in a shell that has it")
                ]
            case .denied: [.init(.note, "project", "\(root): denied", hint: "\(allow) takes that back")]
            case .notAllowed:
                [.init(.note, "project", "\(root): not allowed, so that nothing is built", hint: allow)]
            case .notAProject, .forgotten: [.init(.note, "project", "\(root): \(status.state.rawValue)")]
            }
        findings += status.warnings.map { .init(.note, "project", $0) }
        return findings
    }

    /// What is to be said of the environment itself.
    func findings(
        shell: [ByteString: ByteString], workingDirectory: Path, thoroughly: Bool
    ) -> [DoctorReport.Finding] {
        let generation = record.generation
        let python = generation.interpreter.map { ", Python \($0.version)" } ?? ""
        var findings: [DoctorReport.Finding] = [
            .init(
                .ok, "environment",
                "generation \(generation.number)\(python), by \(generation.engine)")
        ]
        let damage = damage(thoroughly: thoroughly)
        if isIntact, damage.isEmpty {
            findings.append(.init(.ok, "prefix", "\(prefix) is whole\(thoroughly ? ", every file of it" : "")"))
        } else if isIntact {
            let shown = damage.prefix(5).map(\.description)
            let more = damage.count > shown.count ? ["and \(damage.count - shown.count) more"] : []
            findings.append(
                .init(
                    .problem, "packages", (shown + more).joined(separator: "\n"),
                    hint: "`envd build \(record.project.root.shellWord)` makes a fresh one"))
        } else {
            let below = generation.interpreter.map { ", or `\($0.path)` below it," } ?? ""
            findings.append(
                .init(
                    .problem, "prefix",
                    "\(prefix) is damaged: a part of it\(below) is gone",
                    hint: "`envd build \(record.project.root.shellWord)` makes a fresh one"))
        }
        findings += drift.map { .init(.note, "by hand", $0) }
        findings += conflicts
        if libraryPath.isEmpty {
            findings.append(.init(.ok, "libraries", "nothing goes onto LD_LIBRARY_PATH"))
        } else {
            for directory in libraryPath {
                let isThere = FileSystem.exists(directory)
                findings.append(
                    .init(
                        isThere ? .ok : .problem, "libraries",
                        "\(directory) goes onto LD_LIBRARY_PATH\(isThere ? "" : ", and is gone")"))
            }
        }
        findings += shadowed(by: shell)
        if workingDirectory.isWithin(record.project.root) { findings.append(active(in: shell)) }
        return findings
    }

    /// Packages that do not go together: after `pip install` by hand, or where a setting overrides what they ask for.
    private var conflicts: [DoctorReport.Finding] {
        let python = PackageConflict.find(in: prefix, interpreter: record.generation.interpreter).map(\.description)
        let all = python + CondaConflict.find(in: prefix).map(\.description)
        guard !all.isEmpty else { return [.init(.ok, "packages", "each finds what it needs")] }
        let shown = all.prefix(5) + (all.count > 5 ? ["and \(all.count - 5) more"] : [])
        return [
            .init(
                .problem, "packages", shown.joined(separator: "\n"),
                hint: drift.isEmpty
                    ? "name versions that go together in the manifest"
                    : "`envd build \(record.project.root.shellWord)` makes one without what was put in by hand")
        ]
    }

    /// Libraries that the environment's Python would take from LD_LIBRARY_PATH of the shell, where that is not ours.
    private func shadowed(by shell: [ByteString: ByteString]) -> [DoctorReport.Finding] {
        let foreign = (shell["LD_LIBRARY_PATH"] ?? "").split(separator: UInt8(ascii: ":"))
            .map { Path($0) }.filter { $0.isAbsolute && !libraryPath.contains($0) && !$0.isWithin(prefix) }
        guard !foreign.isEmpty, let cache = try? LinkerCache.current(),
            let python = try? FileSystem.canonical(prefix / "bin/python")
        else { return [] }
        return LibraryShadowing.find(program: python, libraryPath: foreign, linkerCache: cache).map {
            .init(
                .note, "shadowed", "\($0.soname): LD_LIBRARY_PATH leads Python to \($0.ours), before \($0.systems)",
                hint: "take \($0.ours.parent) out of LD_LIBRARY_PATH where Python does not start")
        }
    }

    /// Whether the shell that runs this has switched to the environment.
    private func active(in shell: [ByteString: ByteString]) -> DoctorReport.Finding {
        let number = record.generation.number
        guard shell["ENVD_ROOT"] == record.project.root.bytes, let undo = shell["ENVD_UNDO"],
            let active = Undo(text: undo).generation
        else {
            return .init(
                .note, "shell", "this shell has not switched to it",
                hint: "`envd hook --help` tells how shells do that by themselves")
        }
        if active == number { return .init(.ok, "shell", "this shell has switched to it") }
        return .init(.note, "shell", "this shell has generation \(active), until its next prompt")
    }
}

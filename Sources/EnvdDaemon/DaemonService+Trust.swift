internal import EnvdControl
internal import EnvdCore
internal import EnvdLoop
internal import EnvdManifest
internal import EnvdPackaging
internal import EnvdStore
internal import EnvdSystem

/// The user's word.
extension DaemonService {
    /// Takes the user's word that code of the project around a directory may run, as its files now name it; or tells
    /// what that would be.
    func allow(_ wish: Control.Allow.Parameters) async throws(Diagnostic) -> AllowReport {
        let root = try await projectRoot(around: wish.directory, preferringKnown: false)
        let identity: DirectoryIdentity
        do {
            guard let status = try FileSystem.status(root), status.kind == .directory else {
                throw SystemError("look at", root, code: 2)
            }
            identity = status.directoryIdentity
        } catch {
            throw Diagnostic("could not allow `\(root)`: \(error)")
        }
        if !wish.shared, let objection = Ownership.objection(to: root) {
            throw Diagnostic(
                "could not allow `\(root)`: \(objection)",
                hint: "mend its owner or mode, or accept it with `envd allow --shared \(root.shellWord)`")
        }
        let builds = try sourceDistributions(wish.builds)
        let variables = context.shells.variables
        let reading = await WorkerPool.shared.run {
            ManifestReader.read(root, conda: .init(environment: variables))
        }
        let known = registry.project(at: root)
        // Another directory in its place, or one that was denied, begins anew.
        let before = known.flatMap {
            $0.project.trust == .allowed && identity.isSame(as: $0.project.identity) ? $0 : nil
        }
        let mode = wish.mode ?? known?.project.mode
        var grant = before?.project.grant ?? TrustGrant()
        var named = reading.codeSources
        if let builds {
            if wish.builds.contains(":none:") { grant.removeSourceDistributions() }
            named += builds.map { NamedSource($0) }
        } else {
            named += (before?.asks ?? []).filter { $0.source.kind == .sourceDistribution }
        }
        var report = AllowReport(root: root, reading: reading, isAllowed: before != nil, isDryRun: wish.isDryRun)
        report.mode = mode ?? reading.userSettings.trust
        report.origin = known == nil ? await origin(of: root) : nil
        let old = before?.project.grant
        var told: Set<CodeSource> = []
        for named in named.sorted(by: { $0.source < $1.source }) where told.insert(named.source).inserted {
            report.sources.append(.init(named, isNew: old.map { !$0.covers(named.source) } ?? true))
        }
        report.changedFiles =
            before?.asks.filter { $0.source.kind == .changedFile }.compactMap { $0.location?.file } ?? []
        grant.add(named.map(\.source))
        grant.inputs = report.mode == .ask ? TrustQuestion.inputs(of: reading) : nil
        report.builtFromSource = grant.sources.filter { $0.kind == .sourceDistribution }.map(\.text)
        if wish.isDryRun {
            report.project = known?.status
            return report
        }
        let project = Project(
            id: ProjectID(root: root), root: root, identity: identity, trust: .allowed, isShared: wish.shared,
            grant: grant, mode: mode)
        try await save(project)
        if let known = registry[project.id] {
            known.setProject(project)
            known.check(reason: "allowed")
            report.project = known.status
        } else {
            report.project = register(project, reason: "allowed").status
        }
        tellOthers(of: root)
        return report
    }

    /// The words of `--build`; nil where there are none.
    ///
    /// - Throws: what is no name of a package.
    private func sourceDistributions(_ words: [String]) throws(Diagnostic) -> [CodeSource]? {
        if words.isEmpty { return nil }
        var sources: [CodeSource] = []
        for word in words where word != ":none:" {
            guard let name = word == ":all:" ? word : PackageName.normalised(word) else {
                throw Diagnostic(
                    "could not allow `\(word)`: it is no name of a package",
                    hint: "name the package alone, or `:all:` for any, `:none:` for none")
            }
            sources.append(CodeSource(.sourceDistribution, name))
        }
        return sources
    }

    private func register(_ project: Project, reason: String) -> ProjectSupervisor {
        asked[project.id] = nil
        let supervisor = ProjectSupervisor(Store.ProjectRecord(project: project), context: context)
        registry.add(supervisor)
        supervisor.start(reason: reason)
        return supervisor
    }

    /// The user's word on one project may count for others.
    func tellOthers(of root: Path) {
        for other in registry.all where other.project.root != root { other.trustChanged(of: root) }
    }

    func deny(_ directory: Path) async throws(Diagnostic) -> ProjectStatus {
        let root = try await projectRoot(around: directory)
        var project: Project
        if let known = registry.project(at: root) {
            project = known.project
        } else {
            guard let status = try? FileSystem.status(root) else { throw Diagnostic("could not find `\(root)`") }
            project = Project(
                id: ProjectID(root: root), root: root, identity: status.directoryIdentity, trust: .denied)
        }
        project.trust = .denied
        try await save(project)
        if let known = registry[project.id] {
            known.setProject(project)
        } else {
            registry.add(ProjectSupervisor(Store.ProjectRecord(project: project), context: context))
        }
        context.publisher.publishAsked(root, notice: nil)
        // What shares its permission goes with it.
        for other in registry.all where other.project.worktreeOf == root && other.project.trust == .allowed {
            _ = try? await deny(other.project.root)
        }
        tellOthers(of: root)
        return registry[project.id]?.status ?? ProjectStatus(root: root, state: .denied)
    }

    // MARK: Other places of what is allowed

    /// The project in a further working tree of a repository, where the same project in the main tree is allowed and
    /// nothing was said of this one.
    func worktree(at found: FoundDirectory) async -> ProjectSupervisor? {
        guard let root = found.root, found.isProject, registry.project(at: root) == nil else { return nil }
        guard
            let (main, identity) = await WorkerPool.shared.run({ () -> (Path, DirectoryIdentity)? in
                guard let main = GitWorktree(around: root)?.counterpart(of: root),
                    Ownership.objection(to: root) == nil, let status = try? FileSystem.status(root)
                else { return nil }
                return (main, status.directoryIdentity)
            })
        else { return nil }
        // The main tree's own word counts, not one that is lent itself.
        guard let lender = registry.project(at: main)?.project, lender.trust == .allowed, lender.worktreeOf == nil,
            (try? FileSystem.status(main))??.directoryIdentity.isSame(as: lender.identity) == true,
            registry.project(at: root) == nil
        else { return nil }
        var grant = lender.grant
        grant?.inputs = nil
        let project = Project(
            id: ProjectID(root: root), root: root, identity: identity, trust: .allowed,
            grant: grant ?? TrustGrant(), mode: lender.mode, worktreeOf: main)
        do {
            try await save(project)
        } catch {
            return nil
        }
        let reason = "`\(main)` is allowed, and this is a working tree of it"
        return registry[project.id] ?? register(project, reason: reason)
    }

    /// Looks whether a directory that a command is about lies in a working tree of what is allowed.
    func meetWorktree(around directory: Path) async {
        let canonical = (try? FileSystem.canonical(directory)) ?? directory
        guard registry.project(around: canonical) == nil, let found = await find(directory) else { return }
        _ = await worktree(at: found)
    }

    /// What a directory that is not allowed has to do with one that is; nil for nothing.
    func origin(of root: Path) async -> String? {
        let allowed = registry.all.filter { $0.project.trust == .allowed && $0.project.root != root }
        if allowed.isEmpty { return nil }
        let places = allowed.map { ($0.project.root, $0.project.identity, $0.reading?.inputs ?? []) }
        return await WorkerPool.shared.run { () -> String? in
            let identity = (try? FileSystem.status(root))??.directoryIdentity
            for (old, its, _) in places where its == identity {
                if (try? FileSystem.status(old))??.directoryIdentity != its {
                    return "was moved here from `\(old)`, and what was allowed there is not allowed here"
                }
            }
            var manifests: [Path: Fingerprint] = [:]
            for name in ManifestReader.names {
                if let bytes = try? FileSystem.read(root / name) { manifests[Path(name)] = Fingerprint(of: bytes) }
            }
            for (old, _, inputs) in places {
                let its = inputs.filter { manifests[Path($0.path.name)] != nil && $0.path.parent == old }
                if !its.isEmpty, its.count == manifests.count,
                    its.allSatisfy({ manifests[Path($0.path.name)] == $0.content })
                {
                    return "has the manifests of `\(old)`, and what was allowed there is not allowed here"
                }
            }
            return nil
        }
    }
}

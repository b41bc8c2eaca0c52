internal import EnvdCore
internal import EnvdEngines
internal import EnvdManifest
internal import EnvdPackaging

extension ProjectSupervisor {
    /// Has packages that no lock file pins chosen anew.
    ///
    /// - Parameter packages: as the user wrote them; none: all.
    /// - Throws: where a lock file decides, or the environment has no such package.
    func update(_ packages: [String]) throws(Diagnostic) {
        guard case .success(let spec)? = reading?.spec else {
            throw Diagnostic("could not update `\(project.root)`: its manifests cannot be read", hint: "envd status")
        }
        let exact = spec.conda.flatMap { $0.format == .environment ? nil : $0.manifest }
        let condaLock = exact ?? spec.conda?.lock?.path
        if let lock = condaLock ?? spec.python.lock?.path {
            let names = packages.map { " --upgrade-package \(Path($0).shellWord)" }.joined()
            let isAlone = condaLock != nil || spec.python.format == .pylock
            throw Diagnostic(
                "could not update `\(project.root)`: `\(lock)` pins what is installed",
                hint: isAlone
                    ? "change it with the tool that wrote it; the environment follows"
                    : "`envd lock\(names.isEmpty ? " --upgrade" : names)` chooses anew there, and the environment follows"
            )
        }
        var names: Set<String> = []
        var installed: Set<String> = []
        if let prefix = intactCurrent?.prefix {
            installed.formUnion((GenerationBuilder.resolution(in: prefix)?.packages ?? [:]).keys)
            installed.formUnion((GenerationBuilder.condaResolution(in: prefix)?.packages ?? [:]).keys)
        }
        for package in packages {
            // conda's names may begin with `_`.
            let meant = [PackageName.normalised(package), package].compactMap(\.self)
            guard let name = meant.first(where: installed.contains) else {
                throw Diagnostic(
                    "could not update `\(package)`: the environment of `\(project.root)` has no package of that name",
                    hint: "`envd update` without a name chooses all of them anew")
            }
            names.insert(name)
        }
        let what = packages.isEmpty ? "`envd update`" : "`envd update \(packages.joined(separator: " "))`"
        check(reason: what, forced: true, updating: names)
    }
}

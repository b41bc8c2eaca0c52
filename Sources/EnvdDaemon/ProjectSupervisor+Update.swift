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
        if let lock = spec.python.lock {
            let names = packages.map { " --upgrade-package \(Path($0).shellWord)" }.joined()
            let isAlone = spec.python.format == .pylock
            throw Diagnostic(
                "could not update `\(project.root)`: `\(lock.path)` pins what is installed",
                hint: isAlone
                    ? "change it with the tool that wrote it; the environment follows"
                    : "`envd lock\(names.isEmpty ? " --upgrade" : names)` chooses anew there, and the environment follows"
            )
        }
        var names: Set<String> = []
        let installed = intactCurrent.flatMap { GenerationBuilder.resolution(in: $0.prefix) }?.packages
        for package in packages {
            guard let name = PackageName.normalised(package), installed?[name] != nil else {
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

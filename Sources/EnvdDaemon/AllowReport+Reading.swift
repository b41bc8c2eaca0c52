internal import EnvdControl
internal import EnvdCore
internal import EnvdManifest

extension AllowReport {
    /// What a reading of an untrusted project tells.
    init(root: Path, reading: ManifestReading, isAllowed: Bool, isDryRun: Bool) {
        var (packages, trouble): (Int?, Diagnostic?) = (nil, nil)
        var installsProject = false
        switch reading.spec {
        case .success(let spec):
            let conda = spec.conda.map { $0.specs.count + $0.packages.count + ($0.pip?.requirements.count ?? 0) }
            packages = spec.python.requirements.count + (conda ?? 0)
            installsProject = spec.python.project != nil
        case .failure(let diagnostic): trouble = diagnostic
        }
        self.init(
            root: root, isDryRun: isDryRun, wasAllowed: isAllowed, manifests: reading.followed, packages: packages,
            trouble: trouble, installsProject: installsProject)
    }
}

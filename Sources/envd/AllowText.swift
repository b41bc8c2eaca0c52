internal import EnvdControl
internal import EnvdCore

/// `envd allow` for people: what may run from now on, in a few lines.
enum AllowText {
    /// Further ones are counted; `--json` has them all.
    private static let maximumCount = 12

    static func lines(_ report: AllowReport) -> [String] {
        var lines = [headline(report)]
        if let origin = report.origin { lines.append("  it \(origin)") }
        if !report.manifests.isEmpty {
            let names = report.manifests.map { shown($0, report) }.joined(separator: ", ")
            let count = report.packages.map { " (\($0) \($0 == 1 ? "package" : "packages"))" } ?? ""
            lines.append("  follows      \(names)\(count)")
        }
        for file in report.changedFiles { lines.append("  changed      \(shown(file, report))") }
        // Of a project that was allowed, what is new tells more than all of it.
        let told = report.wasAllowed ? report.sources.filter(\.isNew) : report.sources
        for source in told.prefix(maximumCount) {
            let place = source.location.flatMap { place in place.line.map { " (\(shown(place.file, report)):\($0))" } }
            lines.append("  \(label(source, report))\(source.phrase)\(place ?? "")")
        }
        if told.count > maximumCount { lines.append("               and \(told.count - maximumCount) more (--json)") }
        if report.wasAllowed, told.isEmpty, report.changedFiles.isEmpty { lines.append("  new          nothing") }
        if report.installsProject {
            lines.append("the project itself is installed editable: its build backend may write *.egg-info into it")
        }
        if let trouble = report.trouble {
            lines.append("its files cannot be read yet, so that what they name is asked for later: \(trouble.message)")
        }
        if report.mode == .ask { lines.append("every change of its files waits for another `envd allow`") }
        return lines + ending(report)
    }

    private static func headline(_ report: AllowReport) -> String {
        if report.isDryRun { return "`envd allow` would allow `\(report.root)`:" }
        switch report.project?.state {
        case .ready where report.project?.build == nil && report.project?.failure == nil:
            return "allowed `\(report.root)`: its environment is ready"
        default: return "allowed `\(report.root)`: its environment is built in the background"
        }
    }

    private static func ending(_ report: AllowReport) -> [String] {
        if report.isDryRun { return [] }
        if case .ready = report.project?.state { return [] }
        return ["`envd wait` waits for it, `envd status` tells how it goes"]
    }

    private static func label(_ source: AllowReport.Source, _ report: AllowReport) -> String {
        if report.wasAllowed { return "new          " }
        let runs = CodeSource(source.kind, "").runsAtBuild
        return runs ? "runs         " : "takes from   "
    }

    private static func shown(_ path: Path, _ report: AllowReport) -> String {
        (path.relative(to: report.root) ?? path).description
    }
}

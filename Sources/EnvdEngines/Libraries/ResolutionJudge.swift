internal import EnvdCore
internal import EnvdSystem

/// Whether what the dynamic linker found stands before a library of the system's.
struct ResolutionJudge {
    /// Those of LD_LIBRARY_PATH, in which nothing has a name of the system's.
    let directories: Set<Path>
    let prefix: Path
    let choice: LibraryPath
    let linkerCache: LinkerCache
    private var verdicts: [Path: String?] = [:]
    private var systems: [ByteString: Set<Path>] = [:]

    init(directories: Set<Path>, prefix: Path, choice: LibraryPath, linkerCache: LinkerCache) {
        self.directories = directories
        self.prefix = prefix
        self.choice = choice
        self.linkerCache = linkerCache
    }

    /// Why the library may not be offered; nil where it may.
    mutating func objection(to report: LoaderTrial.Report) -> String? {
        for (name, path) in report.loaded where !directories.contains(path.parent) {
            if let objection = objection(to: path, for: name) { return objection }
        }
        return nil
    }

    private mutating func objection(to path: Path, for name: ByteString) -> String? {
        if linkerCache.knows(name) {
            return isSystems(path, name) ? nil : "it loads `\(path)` in place of the system's"
        }
        if let verdict = verdicts[path] { return verdict }
        // Found through a path of the library's own, under a name that is not the system's.
        let soname = ElfObject(reading: path)?.soname ?? name
        let real = (try? FileSystem.canonical(path)) ?? path
        let verdict: String? =
            if linkerCache.knows(soname), !isSystems(path, soname) {
                "it loads `\(path)` in place of the system's"
            } else if real.isWithin(prefix), choice.excludes(name, soname, real.name) {
                "it loads `\(path)`, which is excluded"
            } else {
                nil
            }
        verdicts[path] = .some(verdict)
        return verdict
    }

    private mutating func isSystems(_ path: Path, _ name: ByteString) -> Bool {
        let places = linkerCache.places[name] ?? []
        if places.contains(path) { return true }
        let known = systems[name] ?? Set(places.compactMap { try? FileSystem.canonical($0) })
        systems[name] = known
        guard let real = try? FileSystem.canonical(path) else { return false }
        return known.isEmpty ? !real.isWithin(prefix) : known.contains(real)
    }
}

internal import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// Which requirements files of several are followed: the main one, and the one for development, which comes
/// first where it includes the other.
struct RequirementsChoice {
    /// A file that people write, and what pip-tools compiled of it.
    struct File: Hashable {
        var manifest: String
        var lock: String?
    }

    static let directory = "requirements"
    /// Of the directory, more files than these are not looked at.
    private static let maximumFiles = 64

    /// In the order in which they count.
    private(set) var files: [File] = []
    /// Those that are there and not chosen, in byte order.
    private(set) var others: [String] = []
    /// Why the others are not.
    private(set) var reason = ""

    var isEmpty: Bool { files.isEmpty && others.isEmpty }

    private static let developmentStems = [
        "requirements-dev", "dev-requirements", "requirements_dev", "dev_requirements", "requirements.dev",
        "requirements-development", "requirements-local", "requirements-test", "test-requirements",
        "requirements_test", "test_requirements",
    ]
    private static let directoryMain = [
        "requirements", "base", "main", "common", "default", "core", "production", "prod",
    ]
    private static let directoryDevelopment = [
        "dev", "develop", "development", "local", "requirements-dev", "dev-requirements", "test", "tests", "testing",
    ]

    /// The names under which a file would be chosen if it came.
    static func candidates(_ root: Path) -> [String] {
        let hasDirectory = (try? FileSystem.status(root / directory))?.kind == .directory
        let below = hasDirectory ? directoryDevelopment + directoryMain : Array(directoryDevelopment.prefix(1))
        let stems = ["requirements"] + developmentStems + below.map { "\(directory)/\($0)" }
        return stems.flatMap { ["\($0).in", "\($0).txt"] }
    }

    static func hasDirectory(_ root: Path) -> Bool { !listing(root).isEmpty }

    private static func listing(_ root: Path) -> [String] {
        let place = root / directory
        guard (try? FileSystem.status(place))?.kind == .directory else { return [] }
        return ((try? FileSystem.list(place)) ?? []).map(\.description)
            .filter { $0.hasSuffix(".txt") || $0.hasSuffix(".in") }.sortedAndUnique().prefix(maximumFiles)
            .map { "\(directory)/\($0)" }
    }

    /// The files that `inputs` names.
    init(named inputs: [Path], _ context: ReadingContext) {
        files = inputs.map { input in
            let text = input.description
            guard text.hasSuffix(".in") else { return File(manifest: text) }
            let lock = String(text.dropLast(".in".count)) + ".txt"
            let isThere = !inputs.contains(Path(lock)) && FileSystem.exists(context.root / lock)
            return File(manifest: text, lock: isThere ? lock : nil)
        }
    }

    /// The files that are there, by their names and by who includes whom.
    static func made(_ context: inout ReadingContext) -> RequirementsChoice {
        if let known = context.requirementsChoice { return known }
        let choice = RequirementsChoice(&context)
        context.requirementsChoice = choice
        return choice
    }

    private init(_ context: inout ReadingContext) {
        let root = context.root
        var top = ["requirements"] + Self.developmentStems
        top = top.flatMap { ["\($0).in", "\($0).txt"] }.filter {
            (try? FileSystem.status(root / $0, followingLink: false)) != nil
        }
        let main = ["requirements.in", "requirements.txt"]
        if !main.contains(where: { top.contains($0) }) {
            for name in main { _ = context.files.readIfPresent(Path(name)) }
        }
        let below = Self.listing(root)
        // Files for development alone make no project, for they hang on a main one.
        if !main.contains(where: { top.contains($0) }), below.isEmpty { return }
        let present = top + below
        func file(_ stem: String) -> File? {
            let (source, text) = ("\(stem).in", "\(stem).txt")
            if present.contains(source) { return File(manifest: source, lock: present.contains(text) ? text : nil) }
            return present.contains(text) ? File(manifest: text) : nil
        }
        func first(_ stems: [String]) -> File? { stems.lazy.compactMap(file).first }
        let inDirectory = { (stems: [String]) in first(stems.map { "\(Self.directory)/\($0)" }) }

        var chosen: [File]
        if let development = first(Self.developmentStems) {
            chosen = [first(["requirements"]) ?? inDirectory(Self.directoryMain), development].compactMap { $0 }
        } else if let development = inDirectory(Self.directoryDevelopment) {
            chosen = [inDirectory(Self.directoryMain) ?? first(["requirements"]), development].compactMap { $0 }
        } else if let main = first(["requirements"]) ?? inDirectory(Self.directoryMain) {
            chosen = [main]
        } else {
            let stems = below.map { $0.hasSuffix(".in") ? String($0.dropLast(3)) : String($0.dropLast(4)) }
            chosen = Set(stems).count == 1 ? [file(stems[0])].compactMap { $0 } : []
        }
        if chosen.count == 2, Self.includes(chosen[1], chosen[0], context) { chosen.removeFirst() }
        files = chosen
        let taken = chosen.flatMap { [$0.manifest] + [$0.lock].compactMap { $0 } }
        others = present.filter { !taken.contains($0) }.sortedAndUnique()
        reason = "`\(chosen.last?.manifest ?? "")` is followed"
    }

    /// Whether a file takes another one in, or what was compiled of that one, at whatever depth.
    private static func includes(_ file: File, _ other: File, _ context: ReadingContext) -> Bool {
        var reader = RequirementsReader(context: context)
        reader.read(Path(file.manifest))
        // As constraints they would not be installed.
        let included = Set(reader.includedAsRequirements.map { $0.relative(to: context.root) ?? $0 })
        return included.contains(Path(other.manifest)) || (other.lock.map { included.contains(Path($0)) } ?? false)
    }
}

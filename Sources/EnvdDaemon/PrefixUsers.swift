internal import EnvdControl
internal import EnvdCore
internal import EnvdProtocol
internal import EnvdSystem

/// Which prefixes this user's processes work in, as proc(5) tells: their program and command line, working directory,
/// open and mapped files, and what their environment named when they were started.
///
/// A shell that the hook switches is none of these: what it sets for itself no file of /proc shows. It switches at its
/// prompt, and what it runs has the prefix in its environment. What is left is a shell that waits at a prompt of before:
/// it stands in the project, was started before the generation retired, and has read nothing from its terminal since.
/// Only what was current when it last read can be what it has, so a window that is open for weeks keeps one generation
/// and not all of them. `envd activate N` stays: see `HeldSessions`.
struct PrefixUsers: Sendable {
    typealias User = GarbageReport.User

    private struct WaitingShell {
        var user: User
        var directory: Path
        var started: Timestamp?
        var lastRead: Timestamp?
    }

    private let projects: Path
    /// By `<project's directory>/generations/<n>` and the like, below `projects`.
    private var found: [Path: Set<User>] = [:]
    private var shells: [WaitingShell] = []
    /// Whole paths that programs of envd's own data (engines) run from.
    private var programs: [Path: Set<User>] = [:]
    /// The kernel's clock of a terminal goes in steps of so many seconds.
    private static let terminalStep: Int64 = 8

    /// Looks at every process once.
    ///
    /// - Parameters:
    ///   - except: a program whose processes use nothing: envd's own, which is gone when this is answered.
    ///   - runtime: where shells that stay in a generation are put down; nil: nobody asks for them.
    init(below projects: Path, except: Path? = nil, runtime: RuntimeDirectory? = nil) {
        self.projects = projects
        let names = Set([projects, (try? FileSystem.canonical(projects)) ?? projects])
        let needles = names.map { $0.bytes.bytes + [UInt8(ascii: "/")] }
        let excepted = except.map { (try? FileSystem.canonical($0)) ?? $0 }
        for name in (try? FileSystem.list("/proc")) ?? [] {
            guard let process = Int32(name.description), process != CurrentUser.processID else { continue }
            look(at: process, needles, except: excepted)
        }
        for held in runtime.map({ HeldSessions(runtime: $0).living() }) ?? [] {
            for needle in needles {
                for prefix in Self.prefixes(in: held.prefix.bytes.bytes, needle) {
                    found[prefix, default: []].insert(User(process: held.process, name: held.name, way: .activated))
                }
            }
        }
    }

    private mutating func look(at process: Int32, _ needles: [[UInt8]], except: Path?) {
        let directory = Path("/proc/\(process)")
        guard let status = try? FileSystem.status(directory), status.owner == CurrentUser.id,
            let facts = ProcessFacts(process)
        else { return }
        let program = try? FileSystem.linkTarget(directory / "exe")
        if let program, program == except { return }
        func note(_ bytes: [UInt8], _ way: User.Way) {
            for needle in needles {
                for prefix in Self.prefixes(in: bytes, needle) {
                    found[prefix, default: []].insert(User(process: process, name: facts.name, way: way))
                }
            }
        }
        if let program {
            note(program.bytes.bytes, .program)
            programs[program, default: []].insert(User(process: process, name: facts.name, way: .program))
        }
        // A venv's Python is a link: what the kernel runs lies elsewhere, the command line says where it was called.
        if let words = try? FileSystem.read(directory / "cmdline", limit: 4 << 20) { note(words, .program) }
        let cwd = try? FileSystem.linkTarget(directory / "cwd")
        if let cwd { note(cwd.bytes.bytes, .directory) }
        if let maps = try? FileSystem.read(directory / "maps", limit: 4 << 20) { note(maps, .file) }
        for name in (try? FileSystem.entries(directory / "fd")) ?? [] {
            if let file = try? FileSystem.linkTarget((directory / "fd").appending(Path(name.name))) {
                note(file.bytes.bytes, .file)
            }
        }
        if let variables = try? FileSystem.read(directory / "environ", limit: 4 << 20) { note(variables, .environment) }
        if let program, let cwd, InteractiveShells.include(program, on: facts.terminal) {
            shells.append(
                WaitingShell(
                    user: User(process: process, name: facts.name, way: .prompt), directory: cwd,
                    started: facts.started, lastRead: facts.terminalWasRead))
        }
    }

    /// Who uses a generation, by process.
    ///
    /// - Parameter root: of its project.
    func users(of generation: Generation, root: Path) -> [User] {
        let waiting = shells.filter { shell in
            guard shell.directory.isWithin(root) else { return false }
            guard let retired = generation.retired else { return true }
            if let started = shell.started, started > retired { return false }
            guard let read = shell.lastRead else { return true }
            return read <= retired && (generation.made ?? read) <= read.adding(seconds: Self.terminalStep)
        }
        return Self.sorted(users(of: generation.prefix) + waiting.map(\.user))
    }

    /// Who uses a prefix, as it stands in no project's generations: shells that wait are not asked.
    func users(of prefix: Path) -> [User] {
        Self.sorted(prefix.relative(to: projects).flatMap { found[$0] }.map(Array.init) ?? [])
    }

    /// Whose program lies in a directory.
    func programs(in directory: Path) -> [User] {
        Self.sorted(programs.filter { $0.key.isWithin(directory) }.flatMap(\.value))
    }

    /// The users of everything below a project's directory in the store.
    func users(below directory: Path) -> [User] {
        guard let name = directory.relative(to: projects) else { return [] }
        return Self.sorted(found.filter { $0.key.isWithin(name) }.flatMap(\.value))
    }

    /// One for each process: what holds it most comes first in the list of ways.
    private static func sorted(_ users: [User]) -> [User] {
        let order: [User.Way] = [.program, .directory, .file, .activated, .prompt, .environment]
        func rank(_ user: User) -> Int { order.firstIndex(of: user.way) ?? order.count }
        return Dictionary(users.map { ($0.process, $0) }) { rank($0) <= rank($1) ? $0 : $1 }
            .values.sorted { $0.process < $1.process }
    }

    /// Every `<directory>/generations/<n>`, or other entry of a project's directory, that is named in some bytes.
    ///
    /// - Parameter needle: the directory of all projects, with a slash at its end.
    static func prefixes(in bytes: [UInt8], _ needle: [UInt8]) -> Set<Path> {
        var found: Set<Path> = []
        var start = 0
        while let at = ByteSearch.first(needle, in: bytes, from: start) {
            start = at + needle.count
            let end = bytes[start...].firstIndex { $0 == 0 || $0 == 0x0a || $0 == UInt8(ascii: ":") } ?? bytes.endIndex
            let pieces = bytes[start..<end].split(
                separator: UInt8(ascii: "/"), maxSplits: 3, omittingEmptySubsequences: true)
            guard pieces.count >= 2 else { continue }
            let isGeneration = pieces[1].elementsEqual("generations".utf8)
            guard !isGeneration || pieces.count >= 3 else { continue }
            // maps and links say of a file that is gone: ` (deleted)`.
            let kept = pieces.prefix(isGeneration ? 3 : 2).map { piece in
                ByteString(Array(piece.prefix { $0 != UInt8(ascii: " ") }))
            }
            found.insert(Path(kept.dropFirst().reduce(kept[0]) { $0 + "/" + $1 }))
        }
        return found
    }
}

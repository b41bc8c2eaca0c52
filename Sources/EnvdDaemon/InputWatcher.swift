internal import EnvdCore
internal import EnvdLoop
internal import EnvdSystem

/// Tells which projects' inputs something happened to: watches the directories of the inputs, never trees.
///
/// An input that is not there yet is watched at the nearest directory above it that is; a link is watched as a name
/// and at what it points to.
@LoopActor final class InputWatcher {
    /// Set while the kernel refuses watches: the inputs of some projects are looked at again and again instead.
    var trouble: Diagnostic? {
        guard let refusal, !refused.isEmpty else { return nil }
        let setting =
            refusal.verb == "watch files" ? "fs.inotify.max_user_instances" : "fs.inotify.max_user_watches"
        return Diagnostic(
            "could not watch all files for changes: \(refusal.isLimit ? "`\(setting)` is used up" : "\(refusal)")",
            hint: "raise `\(setting)` (sysctl); until then envd looks at the files itself, every 5 s while you work "
                + "with it and every minute otherwise")
    }

    /// Which projects care for which entries of a directory.
    private typealias Watched = [ProjectID: Set<ByteString>]

    /// Nil while the kernel gives us none.
    private var inotify: Inotify?
    private var poll: DescriptorPoll?
    private var refusal: SystemError?
    /// What is looked at instead of being watched.
    private(set) lazy var polling = InputPolling { [weak self] in self?.onChange($0) }
    private lazy var mounts = MountWatch { [weak self] in self?.onChange($0) }
    private var watches: [Int32: Watched] = [:]
    private var numbers: [Path: Int32] = [:]
    /// Those that are watched for their entries, too.
    private var full: Set<Int32> = []
    private var watchesOfProject: [ProjectID: Set<Int32>] = [:]
    /// Most projects look for the same names: one copy of each, and of each set of them, is enough for all.
    private var knownNames: Set<ByteString> = []
    private var knownSets: Set<Set<ByteString>> = []
    /// With more than these, they are collected anew: most are of times gone by.
    private static let knownLimit = 10_000
    /// Told of the projects whose inputs may have changed.
    var onChange: @LoopActor (Set<ProjectID>) -> Void = { _ in }

    init() { start() }

    private func start() {
        do throws(SystemError) {
            let inotify = try Inotify()
            poll = try DescriptorPoll(descriptor: inotify.descriptor, events: .readable) { [weak self] _ in
                self?.drain()
            }
            self.inotify = inotify
        } catch {
            refusal = error
        }
    }

    func close() {
        polling.close()
        mounts.close()
        poll?.close()
        poll = nil
    }

    /// Watches these files for a project instead of the ones of before.
    ///
    /// - Returns: whether any entry is watched that was not: what was read before may be out of date already.
    @discardableResult
    func watch(_ inputs: [Path], for project: ProjectID, root: Path) -> Bool {
        var entries: Set<Entry> = []
        for input in inputs { Self.collect(input, root: root, into: &entries) }
        if inotify == nil { start() }
        isRefused = inotify == nil
        if max(knownNames.count, knownSets.count) > Self.knownLimit { (knownNames, knownSets) = ([], []) }
        var wanted: [Int32: Set<ByteString>] = [:]
        for entry in entries {
            guard let number = number(for: entry.directory) else { continue }
            wanted[number, default: []].insert(knownNames.insert(entry.name).memberAfterInsert)
        }
        // A directory above that is moved away puts another one in the project's place; what happens in it does not.
        for directory in root.selfAndAncestors.dropFirst() where directory != .root {
            guard let number = number(for: directory, entries: false) else { continue }
            if wanted[number] == nil { wanted[number] = [] }
        }
        for number in watchesOfProject[project] ?? [] where wanted[number] == nil { drop(project, from: number) }
        var isNew = false
        for (number, names) in wanted {
            if watches[number]?[project]?.isSuperset(of: names) != true { isNew = true }
            watches[number]?[project] = knownSets.insert(names).memberAfterInsert
        }
        watchesOfProject[project] = wanted.isEmpty ? nil : Set(wanted.keys)
        mounts.look(for: root, of: project)
        if isRefused { refused.insert(project) } else { refused.remove(project) }
        if isRefused || Self.isShared(inputs, root: root) {
            if polling.look(at: inputs, for: project) { isNew = true }
        } else {
            polling.forget(project)
        }
        return isNew
    }

    /// Whether another host may change some of these, of which the kernel tells nobody here (inotify(7)).
    private static func isShared(_ inputs: [Path], root: Path) -> Bool {
        Set(inputs.map(\.parent) + [root]).contains { FileSystemKind.of($0)?.isShared == true }
    }

    /// Projects for which the kernel refused a watch.
    private var refused: Set<ProjectID> = []
    /// Whether the kernel refused a watch that the project of this moment needs.
    private var isRefused = false

    func unwatch(_ project: ProjectID) {
        polling.forget(project)
        refused.remove(project)
        mounts.forget(project)
        for number in watchesOfProject.removeValue(forKey: project) ?? [] { drop(project, from: number) }
    }

    private struct Entry: Hashable {
        var directory: Path
        var name: ByteString
    }

    private func drop(_ project: ProjectID, from number: Int32) {
        watches[number]?[project] = nil
        guard watches[number]?.isEmpty == true else { return }
        inotify?.unwatch(number)
        watches[number] = nil
        full.remove(number)
        numbers = numbers.filter { $0.value != number }
    }

    private func number(for directory: Path, entries: Bool = true) -> Int32? {
        if let number = numbers[directory], !entries || full.contains(number) { return number }
        guard let inotify else { return nil }
        do {
            let number = try inotify.watch(directory, entries: entries)
            if entries { full.insert(number) }
            // Two paths of one directory (a bind mount) share a number.
            if watches[number] == nil { watches[number] = [:] }
            numbers[directory] = number
            return number
        } catch {
            if !error.isAbsence {
                refusal = error
                isRefused = true
            }
            return nil
        }
    }

    private func drain() {
        var changed: Set<ProjectID> = []
        for event in inotify?.read() ?? [] {
            switch event {
            case .entry(let number, let name):
                for (project, names) in watches[number] ?? [:] where names.contains(name) { changed.insert(project) }
            case .directoryGone(let number):
                guard let watched = watches.removeValue(forKey: number) else { continue }
                full.remove(number)
                numbers = numbers.filter { $0.value != number }
                changed.formUnion(watched.keys)
                inotify?.unwatch(number)
            case .overflow:
                changed.formUnion(watchesOfProject.keys)
            }
        }
        if !changed.isEmpty { onChange(changed) }
    }

    /// The directory entries whose change may change what `path` reads as.
    private static func collect(_ path: Path, root: Path, into entries: inout Set<Entry>, depth: Int = 0) {
        guard depth < 16, path.isAbsolute, path != .root else { return }
        // From the project's root down, every component may be a link that is retargeted.
        let components = path.selfAndAncestors.reversed().filter { $0 != .root && ($0 == path || $0.isWithin(root)) }
        for component in components where component != root {
            let directory = existing(component.parent)
            entries.insert(
                Entry(directory: directory.canonical, name: nextName(of: component, below: directory.named)))
            if let status = try? FileSystem.status(component, followingLink: false), status.kind == .link,
                let target = try? FileSystem.linkTarget(component)
            {
                collect(component.parent.appending(target), root: root, into: &entries, depth: depth + 1)
            }
        }
    }

    /// The nearest directory that is there, without links: one directory has one name here.
    private static func existing(_ directory: Path) -> (named: Path, canonical: Path) {
        let named = directory.selfAndAncestors.first { (try? FileSystem.status($0))??.kind == .directory } ?? .root
        return (named, (try? FileSystem.canonical(named)) ?? named)
    }

    private static func nextName(of path: Path, below directory: Path) -> ByteString {
        guard let rest = path.relative(to: directory) else { return path.name }
        return ByteString(rest.bytes.bytes.prefix { $0 != UInt8(ascii: "/") })
    }
}

internal import EnvdCore
internal import EnvdSystem

/// Which libraries need which, what is known of them so far, and which are to be tried next.
struct LibraryGraph {
    struct Removal: Hashable, Sendable {
        let library: PrefixLibrary
        let cause: String
    }

    private struct Node {
        let library: PrefixLibrary
        /// Main names of the libraries of this graph that it needs, and what else it needs.
        var needs: [ByteString]
        var needsOthers: [ByteString]
        /// Whether it looks into directories that others do not look into.
        var searchesElsewhere: Bool
        var isSettled = false
    }

    private var nodes: [ByteString: Node] = [:]
    /// By any name.
    private var mainNames: [ByteString: ByteString] = [:]
    private var users: [ByteString: [ByteString]] = [:]
    private var removals: [Removal] = []
    private let linkerCache: LinkerCache

    /// - Parameters:
    ///   - elsewhere: names that other directories of LD_LIBRARY_PATH have.
    ///   - directory: where all of these are found.
    init(_ libraries: [PrefixLibrary], elsewhere: Set<ByteString>, linkerCache: LinkerCache, directory: Path) {
        self.linkerCache = linkerCache
        for library in libraries {
            for name in library.names { mainNames[name] = library.name }
        }
        var directories: [ByteString: Bool] = [:]
        for library in libraries {
            let object = library.object
            let searched = object.runpath.isEmpty ? object.rpath : object.runpath
            let searchesElsewhere = searched.contains { element in
                if let known = directories[element] { return known }
                let places = LoaderDirectories.expand(element, origin: directory)
                let isElsewhere =
                    places.isEmpty || places.contains { $0.withoutDots != directory && FileSystem.exists($0) }
                directories[element] = isElsewhere
                return isElsewhere
            }
            let others = object.needed.filter { mainNames[$0] == nil && !elsewhere.contains($0) }
            let needs = object.needed.compactMap { mainNames[$0] }.filter { $0 != library.name }
            nodes[library.name] = Node(
                library: library, needs: needs, needsOthers: others, searchesElsewhere: searchesElsewhere)
            for name in Set(needs) { users[name, default: []].append(library.name) }
        }
        for (name, node) in nodes.sorted(by: { $0.key < $1.key }) where !node.searchesElsewhere {
            if let lost = node.needsOthers.first(where: { !linkerCache.knows($0) }) {
                remove(name, because: "it needs `\(lost)`, which is nowhere")
            }
        }
    }

    /// Those that are still there, in byte order of their names.
    var libraries: [PrefixLibrary] { nodes.sorted { $0.key < $1.key }.map(\.value.library) }

    /// Those that have not been tried, by name.
    var pending: [ByteString] { nodes.filter { !$0.value.isSettled }.keys.sorted() }

    /// Those to try next: one that nothing else needs brings all that it needs with it, and whoever looks into
    /// directories of its own is tried alone.
    var nextBatch: [ByteString] {
        let pending = pending
        let first = pending.filter { name in
            nodes[name]?.searchesElsewhere == true
                || (users[name] ?? []).allSatisfy { nodes[$0]?.isSettled ?? true }
        }
        return first.isEmpty ? representatives(of: pending) : first
    }

    /// Where all need one another: so many that each is one of them or is needed by one.
    private func representatives(of names: [ByteString]) -> [ByteString] {
        var covered: Set<ByteString> = []
        return names.filter { name in
            guard covered.insert(name).inserted else { return false }
            var next = [name]
            while let need = next.popLast() {
                for further in nodes[need]?.needs ?? [] where covered.insert(further).inserted { next.append(further) }
            }
            return true
        }
    }

    func has(_ name: ByteString) -> Bool { mainNames[name].map { nodes[$0] != nil } ?? false }
    func mainName(of name: ByteString) -> ByteString { mainNames[name] ?? name }
    func file(of name: ByteString) -> Path? { nodes[mainName(of: name)]?.library.file }

    /// Whether the library or any that it needs here needs one of these names; true for what looks elsewhere, too.
    func reaches(_ names: Set<ByteString>, from start: ByteString) -> Bool {
        var seen: Set<ByteString> = [start]
        var next = [start]
        while let name = next.popLast() {
            guard let node = nodes[name] else { continue }
            if node.searchesElsewhere || node.needsOthers.contains(where: names.contains) { return true }
            for need in node.needs where seen.insert(need).inserted { next.append(need) }
        }
        return false
    }

    /// Notes that a library loads. So does each that was loaded with it, by any name, unless it could find something
    /// else where it is loaded alone.
    mutating func settle(_ name: ByteString, with loaded: [ByteString]) {
        nodes[name]?.isSettled = true
        for main in loaded.compactMap({ mainNames[$0] }) where nodes[main]?.searchesElsewhere == false {
            nodes[main]?.isSettled = true
        }
    }

    /// Takes a library out; those that need it go too, or have to be tried again where they may find another.
    mutating func remove(_ name: ByteString, because cause: String) {
        var next = [(name: name, cause: cause)]
        var affected: [ByteString] = []
        while let (name, cause) = next.popLast() {
            guard let node = nodes.removeValue(forKey: name) else { continue }
            removals.append(Removal(library: node.library, cause: cause))
            for user in users[name] ?? [] {
                guard let searchesElsewhere = nodes[user]?.searchesElsewhere else { continue }
                affected.append(user)
                if !searchesElsewhere { next.append((user, "it needs `\(name)`, which is not offered")) }
            }
        }
        var seen: Set<ByteString> = []
        while let user = affected.popLast() {
            guard seen.insert(user).inserted, nodes[user] != nil else { continue }
            nodes[user]?.isSettled = false
            affected += users[user] ?? []
        }
    }

    /// What was taken out since this was asked last.
    mutating func takeRemovals() -> [Removal] {
        defer { removals = [] }
        return removals
    }
}

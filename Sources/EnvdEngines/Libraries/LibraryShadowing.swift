package import EnvdCore
internal import EnvdSystem

/// A library that a program would load from LD_LIBRARY_PATH in place of the one that it loads without.
package struct LibraryShadowing: Hashable, Sendable, Codable {
    /// The name by which the program, or a library of its, asks.
    package var soname: ByteString
    /// From LD_LIBRARY_PATH.
    package var ours: Path
    package var systems: Path

    package init(soname: ByteString, ours: Path, systems: Path) {
        self.soname = soname
        self.ours = ours
        self.systems = systems
    }

    /// Every such library of a program's, in byte order of their names. Nothing is run; what a program loads later by
    /// dlopen(3) is not seen.
    ///
    /// - Parameter libraryPath: the directories of LD_LIBRARY_PATH.
    /// - Returns: nothing for what is no program of this machine's: a script, one for another processor.
    package static func find(
        program: Path, libraryPath: [Path], linkerCache: LinkerCache
    ) -> [LibraryShadowing] {
        let with = LibraryWalk(of: program, libraryPath: libraryPath, linkerCache: linkerCache).found
        let without = LibraryWalk(of: program, libraryPath: [], linkerCache: linkerCache).found
        return with.compactMap { name, ours in
            guard libraryPath.contains(ours.parent), let systems = without[name], !isSame(ours, systems)
            else { return nil }
            return LibraryShadowing(soname: name, ours: ours, systems: systems)
        }.sorted { $0.soname < $1.soname }
    }

    private static func isSame(_ left: Path, _ right: Path) -> Bool {
        guard let left = try? FileSystem.status(left), let right = try? FileSystem.status(right) else { return false }
        return left.device == right.device && left.inode == right.inode
    }
}

/// What the dynamic linker would load for a program, read from the files alone.
private struct LibraryWalk {
    /// By the names that were asked for.
    private(set) var found: [ByteString: Path] = [:]

    private struct Loaded {
        let object: ElfObject
        let origin: Path
        /// The one that asked first; its DT_RPATH holds for what this one asks for.
        let loader: Int?
    }

    private var loaded: [Loaded] = []
    private let libraryPath: [Path]
    private let linkerCache: LinkerCache
    private static let most = 4096

    init(of program: Path, libraryPath: [Path], linkerCache: LinkerCache) {
        self.libraryPath = libraryPath
        self.linkerCache = linkerCache
        guard let real = try? FileSystem.canonical(program), let object = ElfObject(reading: real) else { return }
        loaded = [Loaded(object: object, origin: real.parent, loader: nil)]
        var next = 0
        while next < loaded.count {
            for name in loaded[next].object.needed where found[name] == nil && loaded.count < Self.most {
                load(name, for: next)
            }
            next += 1
        }
    }

    private mutating func load(_ name: ByteString, for asker: Int) {
        if name.bytes.contains(UInt8(ascii: "/")) { return }
        for place in places(of: name, for: asker) {
            guard let object = ElfObject(reading: place) else { continue }
            found[name] = place
            // Who asks for the soname later gets this one.
            if let soname = object.soname, found[soname] == nil { found[soname] = place }
            loaded.append(Loaded(object: object, origin: place.parent, loader: asker))
            return
        }
    }

    /// In the order of ld.so(8): DT_RPATH of the asker and of those that it was loaded for, unless it has a
    /// DT_RUNPATH; LD_LIBRARY_PATH; its DT_RUNPATH; the cache; the standard directories.
    private func places(of name: ByteString, for asker: Int) -> [Path] {
        let file = Path(name)
        var directories: [Path] = []
        if loaded[asker].object.runpath.isEmpty {
            var next: Int? = asker
            while let index = next {
                let one = loaded[index]
                if one.object.runpath.isEmpty { directories += expanded(one.object.rpath, one.origin) }
                next = one.loader
            }
        }
        directories += libraryPath
        directories += expanded(loaded[asker].object.runpath, loaded[asker].origin)
        return directories.map { $0.appending(file) } + (linkerCache.places[name] ?? [])
            + LoaderDirectories.standard.map { $0.appending(file) }
    }

    private func expanded(_ elements: [ByteString], _ origin: Path) -> [Path] {
        elements.flatMap { LoaderDirectories.expand($0, origin: origin) }
    }
}

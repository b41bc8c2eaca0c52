internal import EnvdCore
internal import EnvdSystem

/// A library of a conda prefix that may be offered beside the system's.
struct PrefixLibrary: Hashable, Sendable {
    /// Without links; within the prefix.
    let file: Path
    /// The names by which it is offered; the first is the one to try it by.
    let names: [ByteString]
    let object: ElfObject

    var name: ByteString { names[0] }
}

/// The libraries of a conda prefix's `lib`.
struct PrefixLibraries {
    /// Those that the system has none of, in byte order of their files.
    let offered: [PrefixLibrary]
    /// Every name and soname that the prefix has a library for, the system's included.
    let shipped: Set<ByteString>

    private init(offered: [PrefixLibrary], shipped: Set<ByteString>) {
        self.offered = offered
        self.shipped = shipped
    }

    /// Looks at every entry; what is a link out of the prefix, no library of this machine or oddly named is not seen.
    ///
    /// - Parameter prefix: canonical.
    static func find(
        in prefix: Path, _ choice: LibraryPath, linkerCache: LinkerCache
    ) throws(SystemError) -> PrefixLibraries {
        let directory = prefix / "lib"
        var files: [ByteString: Path] = [:]
        var objects: [Path: ElfObject] = [:]
        for name in try FileSystem.namesIfPresent(directory)
        where LibraryName.isLibrary(name) && LibraryName.isOrdinary(name) {
            guard let file = try? FileSystem.canonical(directory.appending(Path(name))), file.isWithin(prefix)
            else { continue }
            if objects[file] == nil {
                guard let object = ElfObject(reading: file), object.isOfferable else { continue }
                objects[file] = object
            }
            files[name] = file
        }
        let sonames = objects.mapValues { $0.soname }
        let shipped = Set(files.keys).union(sonames.values.compactMap { $0 })

        // The file that a program gets who asks for a soname in this directory.
        var holders: [ByteString: Path] = [:]
        for file in objects.keys.sorted() {
            let soname = sonames[file].flatMap { $0 } ?? file.name
            if holders[soname] == nil { holders[soname] = files[soname] ?? file }
        }
        let wanted = Set(objects.values.flatMap(\.needed))
        let aliases = Dictionary(grouping: files.keys.sorted()) { files[$0] ?? directory }
        var offered: [PrefixLibrary] = []
        for (file, object) in objects.sorted(by: { $0.key < $1.key }) {
            let soname = object.soname ?? file.name
            guard !linkerCache.knows(soname), !choice.excludes(soname, file.name) else { continue }
            var names = holders[soname] == file ? [soname] : []
            names += (aliases[file] ?? []).filter { name in
                let isAsked = wanted.contains(name) || LibraryName.isPlain(name) && name != file.name
                return isAsked && name != soname && !linkerCache.knows(name) && !choice.excludes(name)
            }
            if !names.isEmpty { offered.append(PrefixLibrary(file: file, names: names, object: object)) }
        }
        return PrefixLibraries(offered: offered, shipped: shipped)
    }
}

extension ElfObject {
    /// Whether it may be told apart by its names alone: it is a library, asks for others by ordinary names, and brings
    /// nothing that runs inside of the dynamic linker.
    fileprivate var isOfferable: Bool {
        isLibrary && !isAudited && needed.allSatisfy(LibraryName.isOrdinary)
            && (soname.map { LibraryName.isOrdinary($0) } ?? true)
            && (rpath + runpath).allSatisfy { $0.bytes.allSatisfy { $0 >= 0x20 } }
    }
}

extension FileSystem {
    /// The names in a directory in byte order; none where there is no such directory.
    static func namesIfPresent(_ directory: Path) throws(SystemError) -> [ByteString] {
        do throws(SystemError) {
            return try list(directory)
        } catch {
            if error.isAbsence { return [] }
            throw error
        }
    }
}

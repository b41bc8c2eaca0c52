internal import EnvdCore
internal import EnvdSystem

/// The library directories of NVIDIA's wheels: `site-packages/nvidia/*/lib`, which is `nvidia/<component>/lib`, and
/// `nvidia/cu13/lib` from CUDA 13 on.
struct NvidiaDirectories {
    struct Directory: Hashable, Sendable {
        let path: Path
        /// The names of the libraries' files.
        let names: [ByteString]
        /// Whether every library is a file within the prefix.
        let isOwn: Bool
    }

    /// In byte order; those without libraries are left out, and those that are no part of the prefix.
    let directories: [Directory]

    /// - Parameter prefix: canonical.
    init(in prefix: Path) throws(SystemError) {
        var found: [Directory] = []
        let library = prefix / "lib"
        for version in try FileSystem.namesIfPresent(library) where version.bytes.starts(with: Array("python3".utf8)) {
            let wheels = library.appending(Path(version)) / "site-packages/nvidia"
            for wheel in try FileSystem.namesIfPresent(wheels) {
                let path = wheels.appending(Path(wheel)) / "lib"
                guard let real = try? FileSystem.canonical(path), real.isWithin(prefix) else { continue }
                let names = try FileSystem.namesIfPresent(path).filter(LibraryName.isLibrary)
                if names.isEmpty { continue }
                let isOwn = names.allSatisfy { name in
                    (try? FileSystem.canonical(path.appending(Path(name))))?.isWithin(prefix) ?? false
                }
                found.append(Directory(path: path, names: names, isOwn: isOwn))
            }
        }
        directories = found
    }

    /// Those that stand before none of the system's libraries, and hold none that is excluded: a directory is
    /// offered whole or not at all.
    func safe(_ choice: LibraryPath, linkerCache: LinkerCache) -> [Directory] {
        directories.filter { directory in
            directory.isOwn
                && directory.names.allSatisfy { name in
                    let soname = ElfObject(reading: directory.path.appending(Path(name)))?.soname ?? name
                    return !linkerCache.knows(name) && !linkerCache.knows(soname) && !choice.excludes(name, soname)
                }
        }
    }
}

package import EnvdCore
internal import EnvdSystem
internal import Glibc

/// Which directories of a prefix go onto LD_LIBRARY_PATH.
package enum LibraryDirectories {
    /// Where the links to a prefix's libraries lie, each named as programs ask for it.
    package static func links(in prefix: Path) -> Path { prefix / ".envd" / "lib" }

    /// The directories, first one first; in `safe`, those of the links to conda's libraries are made, in
    /// `PREFIX/.envd/lib`. For while a generation is built: what was there before is made anew.
    ///
    /// - Parameters:
    ///   - isConda: whether `PREFIX/lib` holds libraries of conda's packages.
    ///   - linkerCache: what the system's own programs load; nil: the machine's.
    /// - Throws: what cannot be read or written there, and a cancellation. A library that does not load is no error:
    ///   it is left out, and the log says why.
    package static func find(
        in prefix: Path, _ choice: LibraryPath, isConda: Bool, linkerCache: LinkerCache? = nil, context: EngineContext
    ) async throws(Diagnostic) -> [Path] {
        let links = links(in: prefix)
        try telling { () throws(SystemError) in try clear(links) }
        if choice.mode == .off { return [] }
        guard prefix.canBeListed else {
            context.log("no library is offered: `\(prefix)` has a character that LD_LIBRARY_PATH cannot hold")
            return []
        }
        let own = try telling { () throws(SystemError) in try FileSystem.canonical(prefix) }
        let nvidia = try telling { () throws(SystemError) in try NvidiaDirectories(in: own) }
        // Paths as the caller has them, for programs too.
        let shown = { (path: Path) in path.relative(to: own).map { prefix.appending($0) } ?? path }
        if choice.mode == .full {
            let library = isConda && FileSystem.exists(prefix / "lib") ? [prefix / "lib"] : []
            return nvidia.directories.map { shown($0.path) } + library
        }
        let cache = try telling { () throws(SystemError) in
            if let linkerCache { return linkerCache }
            return try LinkerCache()
        }
        let safe = nvidia.safe(choice, linkerCache: cache).map { directory in
            NvidiaDirectories.Directory(
                path: shown(directory.path), names: directory.names, isOwn: directory.isOwn)
        }
        let entries = safe.map(\.path)
        guard isConda else { return entries }
        guard !cache.places.isEmpty, let trial = LoaderTrial(context: context) else {
            context.log("conda's libraries are not offered: which ones the system has is not known")
            return entries
        }
        let libraries = try telling { () throws(SystemError) in
            try PrefixLibraries.find(in: own, choice, linkerCache: cache)
        }
        if libraries.offered.isEmpty { return entries }
        let offered = try await LibraryLinks(
            directory: links, prefix: own, before: safe, choice: choice, linkerCache: cache, trial: trial
        ).make(libraries)
        context.log("\(offered.count) of \(libraries.offered.count) libraries that the system has not are offered")
        if offered.isEmpty {
            try telling { () throws(SystemError) in try clear(links) }
            return entries
        }
        return entries + [links]
    }

    /// - Throws: ENOTDIR where somebody else made `.envd` a link: nothing is written through it.
    private static func clear(_ links: Path) throws(SystemError) {
        if let status = try FileSystem.status(links.parent, followingLink: false), status.kind != .directory {
            throw SystemError("make the directory", links.parent, code: ENOTDIR)
        }
        try FileSystem.remove(links)
    }
}

extension Path {
    /// Whether ld.so(8) reads this as one directory of LD_LIBRARY_PATH, and nothing in it as a variable.
    fileprivate var canBeListed: Bool {
        !bytes.bytes.contains { $0 < 0x20 || ":;$".utf8.contains($0) }
    }
}

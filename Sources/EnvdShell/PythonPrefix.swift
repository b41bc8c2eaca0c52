package import EnvdCore
package import EnvdSystem
internal import Glibc

/// What a virtual environment's prefix means to a shell.
package enum PythonPrefix {
    /// The delta of the prefix, as its own `bin/activate` has it, and with uv pointed at it.
    ///
    /// - Parameters:
    ///   - name: what the prompt shows.
    ///   - linkerCache: what the system's own programs load; the directories of NVIDIA's wheels go onto
    ///     LD_LIBRARY_PATH only where none of their libraries would stand before one of those.
    /// - Throws: EINVAL where the path holds a colon, for such a directory cannot be on PATH.
    package static func delta(
        prefix: Path, name: ByteString, linkerCache: LinkerCache? = nil
    ) throws(SystemError) -> Delta {
        guard !prefix.bytes.bytes.contains(UInt8(ascii: ":")) else {
            throw SystemError("put a path with a colon on PATH:", prefix, code: EINVAL)
        }
        var delta = Delta(
            additions: [.init(variable: .path, entries: [(prefix / "bin").bytes])],
            assignments: [
                .init(variable: .virtualEnv, value: prefix.bytes),
                .init(variable: .virtualEnvPrompt, value: name),
                .init(variable: .uvProjectEnvironment, value: prefix.bytes),
            ],
            removals: [.pythonHome])
        let candidates = try libraryDirectories(prefix)
        if !candidates.isEmpty {
            let known: Set<ByteString>
            if let linkerCache { known = linkerCache.libraries } else { known = try LinkerCache().libraries }
            let safe = candidates.filter { known.isDisjoint(with: $0.libraries) }
            if !safe.isEmpty {
                delta.additions.append(.init(variable: .libraryPath, entries: safe.map(\.path.bytes)))
            }
        }
        return delta
    }

    /// `lib/python3.*/site-packages/nvidia/*/lib` with the libraries in each, in byte order.
    private static func libraryDirectories(
        _ prefix: Path
    ) throws(SystemError) -> [(path: Path, libraries: [ByteString])] {
        var found: [(path: Path, libraries: [ByteString])] = []
        for version in try names(prefix / "lib") where version.bytes.starts(with: "python3.".utf8) {
            let wheels = (prefix / "lib").appending(Path(version)) / "site-packages/nvidia"
            for wheel in try names(wheels) {
                let directory = wheels.appending(Path(wheel)) / "lib"
                let libraries = try names(directory).filter(isLibrary)
                if !libraries.isEmpty { found.append((directory, libraries)) }
            }
        }
        return found
    }

    private static func names(_ directory: Path) throws(SystemError) -> [ByteString] {
        do throws(SystemError) {
            return try FileSystem.list(directory)
        } catch {
            if error.isAbsence { return [] }
            throw error
        }
    }

    /// `lib….so` or `lib….so.1`.
    private static func isLibrary(_ name: ByteString) -> Bool {
        let text = name.description
        guard text.hasPrefix("lib") else { return false }
        return text.hasSuffix(".so") || text.utf8.indices.contains { text.utf8[$0...].starts(with: ".so.".utf8) }
    }
}

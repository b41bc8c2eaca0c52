internal import EnvdControl
internal import EnvdCore
internal import EnvdEngines
internal import EnvdStore
internal import EnvdSystem

extension Generation {
    /// Whether no library that it offers on LD_LIBRARY_PATH has come to be the system's, too: an upgrade of the machine
    /// may bring one.
    var standsBeforeNoLibrary: Bool {
        let links = LibraryDirectories.links(in: prefix)
        guard delta.additions.contains(where: { $0.variable == .libraryPath && $0.entries.contains(links.bytes) }),
            let names = try? FileSystem.list(links), let cache = try? LinkerCache.current()
        else { return true }
        return !names.contains { cache.knows($0) }
    }

    /// What others changed in the prefix since envd made it; nil where nothing.
    ///
    /// Reads a directory and a small file. Such a generation stays current as long as the spec stays, and is not taken
    /// again once left, nor for links.
    var drift: Drift? {
        guard let now = PrefixContents(of: prefix) else { return nil }
        guard let bytes = try? FileSystem.read(GenerationRecord.contentsFile(in: prefix)),
            let made = try? ControlCoding.decode(PrefixContents.self, from: bytes)
        else { return Drift(isRemade: true) }
        let drift = made.drift(to: now)
        return drift.isEmpty ? nil : drift
    }
}

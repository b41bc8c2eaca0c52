package import EnvdCore
internal import EnvdSystem

/// Whether the disk has room for what is about to be put there: a build that could not end well had better not begin,
/// for it would take the last of the disk from everybody else first.
package struct DiskRoom: Sendable {
    /// What stays free where `store.reserve` of config.toml says nothing.
    package static let defaultReserve = ByteSize(bytes: 16 << 20)

    /// Caches and the build's own: the generations lie on the same file system, or are looked at by the caller.
    let places: [Path]
    let reserve: ByteSize

    package init(_ context: EngineContext, and further: [Path] = []) {
        places = [context.cache, context.temporary] + further
        reserve = context.reserve
    }

    /// - Parameters:
    ///   - size: what will be put there at the least.
    ///   - object: what for, as the message shows it.
    /// - Throws: what is needed, what is free, and the way out.
    package func require(_ size: ByteSize, for object: String) throws(Diagnostic) {
        let needed = size + reserve
        for place in places {
            guard let free = FileSystem.freeSpace(of: place), free < needed else { continue }
            let what = size == .zero ? "" : "it takes at least \(size), "
            throw Diagnostic(
                "could not build `\(object)`: there is too little space: \(what)\(reserve) are to stay free, and `\(place)` has \(free)",
                hint: "`envd gc` removes environments that are needed no more; then `envd build`")
        }
    }
}

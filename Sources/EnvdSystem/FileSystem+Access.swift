package import EnvdCore
internal import Glibc

extension FileSystem {
    /// Whether this process may write there, mode and mount considered (access(2)).
    package static func isWritable(_ path: Path) -> Bool { withCPath(path) { access($0, W_OK) } == 0 }
}

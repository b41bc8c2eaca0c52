package import EnvdCore
internal import Glibc

extension FileSystem {
    /// What this user may still put onto the file system of a directory (statvfs(3)), without the quota; nil where that
    /// cannot be told.
    package static func freeSpace(of directory: Path) -> ByteSize? {
        var facts = statvfs()
        guard withCPath(directory, { statvfs($0, &facts) }) == 0, facts.f_blocks > 0 else { return nil }
        let size = facts.f_bavail.multipliedReportingOverflow(by: UInt(facts.f_frsize))
        return size.overflow ? nil : Int64(exactly: size.partialValue).map { ByteSize(bytes: $0) }
    }
}

package import EnvdCore

extension FileLock {
    /// The process that holds a lock on a file, as far as proc_locks(5) tells: one of another namespace has no number.
    package static func holder(of path: Path) -> Int32? {
        guard let inode = (try? FileSystem.status(path))??.inode, let locks = try? FileSystem.read("/proc/locks") else {
            return nil
        }
        for line in locks.split(separator: UInt8(ascii: "\n")) {
            let words = String(decoding: line, as: UTF8.self).split(separator: " ")
            guard words.count > 5, words[1] == "FLOCK", words[5].split(separator: ":").last == "\(inode)" else {
                continue
            }
            if let process = Int32(words[4]), process > 0 { return process }
        }
        return nil
    }
}

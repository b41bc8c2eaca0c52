internal import EnvdCore

extension ProcessFacts {
    /// Whether a process was stopped, by SIGSTOP or a debugger (proc_pid_stat(5): `T`, `t`).
    package static func isStopped(_ process: Int32) -> Bool {
        guard let content = try? FileSystem.read(Path("/proc/\(process)/stat")),
            let close = content.lastIndex(of: UInt8(ascii: ")")), close + 2 < content.count
        else { return false }
        return content[close + 2] | 0x20 == UInt8(ascii: "t")
    }
}

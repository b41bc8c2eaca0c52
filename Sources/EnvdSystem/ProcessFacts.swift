package import EnvdCore
internal import Glibc

/// What proc(5) says of a process.
package struct ProcessFacts: Hashable, Sendable {
    package var identifier: Int32
    /// As `ps` shows it: fifteen bytes at most.
    package var name: String
    /// The device number of its controlling terminal; 0 where it has none.
    package var terminal: Int32
    /// In the kernel's ticks since the boot: with the identifier, it names this very process.
    package var startTicks: Int64

    /// - Returns: nil where there is no such process.
    package init?(_ identifier: Int32) {
        // The name in parentheses may hold anything, spaces and parentheses too.
        guard let content = try? FileSystem.read(Path("/proc/\(identifier)/stat")),
            let open = content.firstIndex(of: UInt8(ascii: "(")),
            let close = content.lastIndex(of: UInt8(ascii: ")")), open < close
        else { return nil }
        // The fields from the third on (proc_pid_stat(5)).
        let fields = content[(close + 1)...].split(separator: UInt8(ascii: " "))
        guard fields.count > 19, let terminal = Int32(String(decoding: fields[4], as: UTF8.self)),
            let start = Int64(String(decoding: fields[19], as: UTF8.self))
        else { return nil }
        self.identifier = identifier
        name = String(decoding: content[(open + 1)..<close], as: UTF8.self)
        self.terminal = terminal
        startTicks = start
    }

    /// When it was started, rounded down; nil where the kernel does not say when it was booted.
    package var started: Timestamp? {
        guard let content = try? FileSystem.read("/proc/stat", limit: 16 << 20) else { return nil }
        let key = Array("btime ".utf8)
        let line = content.split(separator: UInt8(ascii: "\n")).first { $0.starts(with: key) }
        guard let line, let boot = Int64(String(decoding: line.dropFirst(key.count), as: UTF8.self)) else { return nil }
        return Timestamp(seconds: boot + startTicks / Int64(max(sysconf(Int32(_SC_CLK_TCK)), 1)))
    }

    /// When a process last read what was typed at its terminal; nil where it has none or that cannot be told.
    ///
    /// The kernel puts the time down in steps of eight seconds, downwards, on whatever file system and with whatever
    /// mount options.
    package var terminalWasRead: Timestamp? {
        let (major, minor) = (terminal >> 8 & 0xfff, terminal & 0xff | terminal >> 12 & 0xfff00)
        let device: Path? =
            switch major {
            // Unix98 pseudo-terminals, and the console's (Documentation/admin-guide/devices.txt of the kernel).
            case 136...143: Path("/dev/pts/\((major - 136) * 256 + minor)")
            case 4: minor < 64 ? Path("/dev/tty\(minor)") : Path("/dev/ttyS\(minor - 64)")
            default: nil
            }
        var raw = stat()
        guard let device, FileSystem.withCPath(device, { stat($0, &raw) }) == 0 else { return nil }
        // One of that name in another mount namespace is another terminal.
        let number = raw.st_rdev
        guard number >> 8 & 0xfff == UInt(major), number & 0xff | number >> 12 & 0xfff00 == UInt(minor) else {
            return nil
        }
        return Timestamp(seconds: Int64(raw.st_atim.tv_sec))
    }
}

/// The session that this process belongs to: that of the terminal's first program, as a rule.
package enum CurrentSession {
    /// The process that leads it (getsid(2)).
    package static var leader: Int32 { getsid(0) }
}

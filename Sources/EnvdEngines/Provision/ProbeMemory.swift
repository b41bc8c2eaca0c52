package import EnvdCore
internal import EnvdSystem
internal import Synchronization

/// What programs said of themselves: a build need not ask the same uv and the same Python again. Lives as long as the
/// daemon, and is no more than a shortcut.
package final class ProbeMemory: Sendable {
    private let answers = Mutex<[ByteString: [UInt8]]>([:])
    /// With more than these, they are collected anew.
    private static let limit = 512

    package init() {}

    /// The answer of a program to a question, asked once while the program is the same file. Scripts are asked each
    /// time: what pyenv's shims say depends on where and when they run.
    func answer(of program: Path, to question: ByteString, ask: () async -> [UInt8]?) async -> [UInt8]? {
        guard let identity = Self.identity(of: program) else { return await ask() }
        return await answer(for: identity + " " + question, ask: ask)
    }

    /// The answer under a key that holds all that it depends on; what cannot be answered is asked again.
    func answer(for key: ByteString, ask: () async -> [UInt8]?) async -> [UInt8]? {
        if let known = answers.withLock({ $0[key] }) { return known }
        guard let answer = await ask() else { return nil }
        answers.withLock { answers in
            if answers.count >= Self.limit { answers = [:] }
            answers[key] = answer
        }
        return answer
    }

    /// The path and the file behind it; nil where that is no ELF program.
    static func identity(of program: Path) -> ByteString? {
        guard let real = try? FileSystem.canonical(program), let status = try? FileSystem.status(real),
            status.kind == .file, let head = try? FileSystem.read(real, prefix: 4), head == [0x7F] + Array("ELF".utf8)
        else { return nil }
        return program.bytes + " " + real.bytes
            + ByteString(" \(status.device) \(status.inode) \(status.size) \(status.modified)")
    }

    /// Changes whenever an entry of a directory comes, goes or is renamed.
    static func stamp(of directory: Path) -> ByteString {
        guard let status = try? FileSystem.status(directory) else { return directory.bytes + " -" }
        return directory.bytes + ByteString(" \(status.device) \(status.inode) \(status.modified)")
    }
}

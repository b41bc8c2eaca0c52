internal import EnvdCore
internal import EnvdShell
internal import EnvdSystem
internal import Glibc

/// A shell's start-up file, where this user has it.
struct StartupFile {
    let shell: Shell
    /// As the user knows it, links and all.
    let path: Path

    /// - Throws: no home to look in.
    init(_ shell: Shell, home: Path) {
        self.shell = shell
        switch shell {
        case .bash: path = home / ".bashrc"
        case .zsh: path = Self.zshHome(home) / ".zshrc"
        case .fish:
            path = (ProcessEnvironment.path(.configurationHome) ?? home / ".config") / "fish/config.fish"
        }
    }

    /// Those that are meant where none is named: the login shell's, and of the others that are installed and used.
    static func used(home: Path) -> [StartupFile] {
        let login = [ProcessEnvironment.path(.loginShell), CurrentUser.loginShell].compactMap(\.self)
            .map(\.name.description)
        return Shell.allCases.map { StartupFile($0, home: home) }.filter { file in
            if login.contains(file.shell.rawValue) { return true }
            let mark = file.shell == .fish ? file.path.parent : file.path
            return FileSystem.exists(mark) && ProgramSearch.onPath(file.shell.rawValue) != nil
        }
    }

    /// `$ZDOTDIR`, which .zshenv may set without exporting it: then zsh itself knows.
    private static func zshHome(_ home: Path) -> Path {
        if let place = ProcessEnvironment.path(.zshHome) { return place }
        guard FileSystem.exists(home / ".zshenv") || FileSystem.exists("/etc/zsh/zshenv"),
            ProgramSearch.onPath("zsh") != nil
        else { return home }
        let question = "exec timeout 5 zsh -c 'print -rn -- \"$ZDOTDIR\"' </dev/null 2>/dev/null"
        guard let stream = popen(question, "re") else { return home }
        defer { pclose(stream) }
        var answer = [UInt8](repeating: 0, count: 4096)
        let count = fread(&answer, 1, answer.count, stream)
        let place = Path(ByteString(answer[..<count]))
        return count > 0 && place.isAbsolute ? place : home
    }

    /// Nil where there is no file; a link that leads nowhere is none.
    func content() throws(SystemError) -> [UInt8]? {
        do throws(SystemError) {
            return try FileSystem.read(path)
        } catch {
            if error.isAbsence { return nil }
            throw error
        }
    }

    /// Puts a block at the end. Never replaces the file: it may be a link, and its mode is the user's.
    func add(_ block: StartupBlock, to content: [UInt8]?) throws(SystemError) {
        if content == nil { try FileSystem.makeDirectories(path.parent, mode: 0o755) }
        try FileSystem.append(path, block.addition(to: content), mode: 0o644)
    }

    /// Puts another block in the place of one that is there.
    func replace(_ range: Range<Int>, in content: [UInt8], with block: StartupBlock) throws(SystemError) {
        let new = block.replacement(for: content[range])
        try FileSystem.replaceTail(path, from: range.lowerBound, with: new + content[range.upperBound...])
    }

    /// Takes a block out; the file, too, where the block was all of it and made it.
    ///
    /// - Returns: whether the file is gone.
    func remove(_ range: Range<Int>, from content: [UInt8]) throws(SystemError) -> Bool {
        let removal = StartupBlock.removal(of: range, from: content)
        if removal.madeFile {
            try FileSystem.remove(try FileSystem.canonical(path))
            return true
        }
        try FileSystem.replaceTail(
            path, from: removal.range.lowerBound, with: Array(content[removal.range.upperBound...]))
        return false
    }
}

/// Programs as a shell would find them.
enum ProgramSearch {
    /// The first on this process's PATH.
    static func onPath(_ name: String) -> Path? {
        let path = ProcessEnvironment.value(.path) ?? "/usr/bin:/bin"
        return path.split(separator: UInt8(ascii: ":")).lazy.filter { !$0.isEmpty }
            .map { Path($0) / name }.first { FileSystem.isExecutable($0) }
    }
}

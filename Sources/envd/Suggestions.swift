internal import ArgumentParser
internal import EnvdControl
internal import EnvdCore
internal import EnvdSystem
internal import Glibc

/// What shells are told when somebody presses TAB: directories, projects, generations, packages.
///
/// Nothing here starts a daemon or waits for one: after a second the process ends, and there are no suggestions.
enum Suggestions {
    static let projects = CompletionKind.custom { _, _, prefix in shown(directories(prefix)) }
    static let generations = CompletionKind.custom { words, index, prefix in
        shown(generations(words, index, prefix) + (prefix.isEmpty ? [] : directories(prefix)))
    }
    static let packages = CompletionKind.custom { words, index, prefix in shown(packages(words, index, prefix)) }

    private static let most = 1000

    private static func limitTime() { alarm(1) }

    /// The projects that envd knows, and the directories that go on from `prefix`.
    private static func directories(_ prefix: String) -> [String] {
        limitTime()
        let typed = prefix.hasPrefix("~/") ? home.map { "\($0)" + prefix.dropFirst() } ?? prefix : prefix
        let cut = typed.lastIndex(of: "/").map { typed.index(after: $0) } ?? typed.startIndex
        let (above, start) = (String(typed[..<cut]), String(typed[cut...]))
        let place = WorkingDirectory.physical.appending(Path(above.isEmpty ? "." : above))
        let entries = (try? FileSystem.list(place)) ?? []
        var found: [String] = []
        for name in entries.map(\.description) where name.hasPrefix(start) && (name.first != "." || start.first == ".")
        {
            guard (try? FileSystem.status(place / name))?.kind == .directory else { continue }
            found.append(above + name)
            if found.count == most { break }
        }
        let wanted = Array(typed.utf8)
        let roots = status(of: nil).map(\.root).filter { $0.bytes.bytes.starts(with: wanted) }.map(\.description)
        let all = roots.filter { !found.contains($0) } + found
        guard typed != prefix else { return all }
        return all.map { $0.hasPrefix(typed) ? prefix + $0.dropFirst(typed.count) : $0 }
    }

    /// The numbers of the generations of the project that the words name, newest first.
    private static func generations(_ words: [String], _ index: Int, _ prefix: String) -> [String] {
        limitTime()
        guard let current = project(words, index)?.current else { return [] }
        let names = (try? FileSystem.list(current.prefix.parent)) ?? []
        let numbers = names.compactMap { Int($0.description) }.sorted(by: >)
        return numbers.map(String.init).filter { $0.hasPrefix(prefix) }
    }

    /// The packages of the current environment's Python layer.
    private static func packages(_ words: [String], _ index: Int, _ prefix: String) -> [String] {
        limitTime()
        guard let current = project(words, index)?.current else { return [] }
        let libraries = current.prefix / "lib"
        let pythons = ((try? FileSystem.list(libraries)) ?? []).map(\.description).filter { $0.hasPrefix("python3.") }
        let ending = ".dist-info"
        let names = pythons.flatMap { python -> [String] in
            let place = libraries / python / "site-packages"
            let entries = ((try? FileSystem.list(place)) ?? []).map(\.description)
            return entries.filter { $0.hasSuffix(ending) }.compactMap {
                $0.split(separator: "-").first.map(String.init)
            }
        }
        let written = names.map { $0.lowercased().replacing("_", with: "-") }
        return Set(written).sorted().filter { $0.hasPrefix(prefix) }
    }

    /// The project of the directory that stands in the command line, else that around the working directory.
    private static func project(_ words: [String], _ index: Int) -> ProjectStatus? {
        // `envd rollback DIR …`: the first word that is neither an option nor a number; `-C DIR` wherever it stands.
        var named: String?
        for (position, word) in words.enumerated().dropFirst(2) where position != index {
            if ["-C", "--directory"].contains(words[position - 1]) { named = word }
            if named == nil, words[1] != "update", !word.hasPrefix("-"), Int(word) == nil, !word.isEmpty {
                named = word
            }
        }
        return status(of: ProjectArgument.path(of: named)).first
    }

    private static func status(of directory: Path?) -> [ProjectStatus] {
        guard let daemon = try? DaemonClient(startingDaemon: false) else { return [] }
        return (try? daemon.call(Control.Status.self, .init(directory: directory)))?.projects ?? []
    }

    private static var home: Path? { ProcessEnvironment.path(.home) }

    /// As the shell's own script takes them: bash's `compgen -W` would run what stands in them, and zsh's `_describe`
    /// ends them at a colon.
    private static func shown(_ words: [String]) -> [String] {
        let words = words.filter { word in !word.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f } }
        switch CompletionShell.requesting {
        case CompletionShell.bash: return words.map { escaped($0, plain: "/._-+@%:,=") }
        case CompletionShell.zsh:
            return words.map { word in word.map { "\\:".contains($0) ? "\\\($0)" : "\($0)" }.joined() }
        default: return words
        }
    }

    private static func escaped(_ word: String, plain: String) -> String {
        word.map { $0.isLetter || $0.isNumber || plain.contains($0) ? "\($0)" : "\\\($0)" }.joined()
    }
}

import EnvdCore
import EnvdShell
import EnvdSystem
import EnvdTestSupport
import Glibc

/// A home, a runtime directory with published answers, and an `envd-hook` that writes down its calls; what asks nobody is
/// done by the real one.
final class World {
    let directory: TemporaryDirectory
    let answers: AnswerTree
    private(set) var serial: UInt64 = 0

    var path: Path { directory.path }
    var home: Path { path / "home" }
    /// A directory that is no project.
    var outside: Path { path / "home/outside" }

    /// - Parameter wakes: whether zsh hears of a new state while it waits; else at its next prompt, as the others.
    init(wakes: Bool = false) throws {
        directory = try TemporaryDirectory("shell")
        answers = AnswerTree(directory: directory.path / "run/envd")
        try FileSystem.makeDirectories(answers.directory)
        if !wakes { try FileSystem.replace(answers.wake, with: []) }
        try FileSystem.makeDirectories(directory.path / "home/outside")
        // Without it each new home's fish would read every manual page of the machine.
        try FileSystem.makeDirectories(directory.path / "home/.data/fish/generated_completions")
        try script(
            "envd-hook",
            """
            case $1 in switch | settle)
                echo "$*" >>'\(path)/switches'
                exec '\(BuiltPrograms.directory)/envd-hook' "$@" ;;
            esac
            echo "$*" >>'\(path)/calls'
            if test -f '\(path)/reply-'"$1"; then cat '\(path)/reply-'"$1"; fi
            """)
        try bumpState()
    }

    /// How often a shell took the long way.
    var switches: Int {
        guard let bytes = try? FileSystem.read(path / "switches") else { return 0 }
        return bytes.count { $0 == 0x0a }
    }

    /// What the stub was called with, one line a call.
    var calls: [String] {
        guard let bytes = try? FileSystem.read(path / "calls") else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    func script(_ name: String, _ text: String) throws {
        try FileSystem.setMode(try directory.write(name, "#!/bin/sh\n\(text)\n"), 0o755)
    }

    /// The daemon's pid is this process's own, which lives.
    func bumpState(process: Int32 = getpid()) throws {
        serial += 1
        try answers.tell(version: "1", process: process, serial: serial)
    }

    /// Makes the project's directory and publishes its answer for every shell.
    func publish(_ answer: Answer) throws {
        try FileSystem.makeDirectories(answer.root)
        try answers.publish(answer)
        try bumpState()
    }

    func publish(asked: Path, notice: String?) throws {
        try FileSystem.makeDirectories(asked)
        let file = answers.asked(asked)
        try FileSystem.makeDirectories(file.parent)
        try FileSystem.replace(file, with: ShellRenderer.asked(notice: notice))
        try bumpState()
    }

    func withdraw(_ root: Path) throws {
        for shell in Shell.allCases { try FileSystem.remove(answers.enter(root, shell)) }
        try bumpState()
    }

    /// A prefix with a `python` in it, and the delta that belongs to it.
    func prefix(_ name: String) throws -> Path {
        try script("\(name)/bin/python", "echo python of \(name)")
        return path.appending(name)
    }

    func delta(_ name: String) throws -> Delta {
        let prefix = try prefix(name)
        var delta = try PythonPrefix.delta(prefix: prefix, name: ByteString(name))
        delta.additions.append(.init(variable: .libraryPath, entries: [(prefix / "nv").bytes]))
        return delta
    }

    /// Publishes the project at `root` (from here) with an environment of its own, and gives the root.
    @discardableResult
    func ready(_ root: String, generation: Int = 1, prefix: String? = nil, notice: Notice? = nil) throws -> Path {
        let root = path.appending(root)
        let name = prefix ?? "gen-\(root.name)-\(generation)"
        try publish(
            Answer(root: root, generation: GenerationNumber(generation), delta: try delta(name), notice: notice))
        return root
    }

    func hook(_ shell: Shell) -> String {
        String(
            decoding: HookScript.text(for: shell, hookProgram: path / "envd-hook", program: path / "envd"),
            as: UTF8.self)
    }

    /// What a login would give a shell.
    func environment(_ extra: [ByteString: ByteString] = [:]) -> [ByteString: ByteString] {
        var environment: [ByteString: ByteString] = [
            "HOME": home.bytes, "XDG_RUNTIME_DIR": (path / "run").bytes, "ZDOTDIR": home.bytes,
            "XDG_CONFIG_HOME": (home / ".config").bytes, "XDG_DATA_HOME": (home / ".data").bytes,
            "PATH": "/usr/local/bin:/usr/bin:/bin", "TERM": "dumb", "LANG": "C.UTF-8", "TMPDIR": path.bytes,
        ]
        environment.merge(extra) { $1 }
        return environment
    }
}

extension Shell {
    var program: String { "/usr/bin/\(rawValue)" }

    func export(_ name: String, _ value: String) -> String {
        self == .fish ? "set -gx \(name) '\(value)'" : "export \(name)='\(value)'"
    }
}

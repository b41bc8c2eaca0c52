internal import EnvdCore
internal import EnvdSystem

/// A clean bash without a person before it, which sources scripts one after the other as conda does.
struct ActivationShell {
    enum Outcome {
        case whole(ShellSnapshot)
        /// A script kept the shell from coming to its end.
        case stopped(script: Int, cause: String, isLate: Bool)
        /// No script can have done it.
        case broken(String)
    }

    private static let bash: Path = "/bin/bash"
    private static let outputLimit = 16 << 20
    /// Of what scripts say, for the build's log.
    private static let lineLimit = 200

    let given: GivenEnvironment
    /// All that the scripts may write into; canonical.
    let scratch: Path
    let context: EngineContext

    private var home: Path { scratch / "home" }
    private var temporary: Path { scratch / "tmp" }
    private var work: Path { scratch / "work" }
    private var output: Path { scratch / "output" }

    /// The scripts that are not bash, by their place in the array.
    func unreadable(_ scripts: [ActivationScript], within limit: Duration) async throws(Diagnostic) -> Set<Int> {
        try prepare()
        let program = """
            number=0
            for script; do
                /bin/bash -n "$script" 2>/dev/null || printf '%s\\n' "$number"
                number=$((number + 1))
            done
            """
        let command = command(program, scripts.map(\.path.bytes), environment: [:])
        guard let result = try await run(command, within: limit, onLine: { _ in }) else { return [] }
        return Set(String(decoding: result.standardOutput, as: UTF8.self).split(separator: "\n").compactMap { Int($0) })
    }

    /// Sources scripts in order; what they say goes to the log where `isTold`.
    func source(
        _ scripts: [ActivationScript], outside: GivenEnvironment.Outside, within limit: Duration, isTold: Bool
    ) async throws(Diagnostic) -> Outcome {
        try prepare()
        let variables = Dictionary(
            uniqueKeysWithValues: given.variables(outside).map { (ByteString($0.key.text), $0.value) })
        let command = command(
            Self.program(count: scripts.count), [output.bytes] + scripts.map(\.path.bytes), environment: variables)
        let log = BoundedLog(limit: isTold ? Self.lineLimit : 0, context.log)
        let result = try await run(command, within: limit, onLine: { log.tell($0) })
        let said = (try? FileSystem.read(output, limit: Self.outputLimit)) ?? []
        let snapshot = ShellSnapshot(said)
        if let result, result.succeeded, snapshot.isWhole { return .whole(snapshot) }
        let cause = Self.cause(result, limit)
        if let script = snapshot.script, scripts.indices.contains(script) {
            return .stopped(script: script, cause: cause, isLate: result == nil)
        }
        return .broken(cause)
    }

    /// The variables that the scripts find.
    func variables(_ outside: GivenEnvironment.Outside) -> [VariableName: ByteString] {
        var result = given.variables(outside)
        for (name, value) in login {
            if let name = VariableName(name.description), result[name] == nil { result[name] = value }
        }
        return result
    }

    /// The home that the scripts saw, as it is in a shell of the user's; nil where a value tells of this place in any
    /// other way.
    func atHome(_ value: ByteString) -> ByteString? {
        var value = value
        while let range = value.range(of: home.bytes) {
            value = ByteString(
                value.bytes[..<range.lowerBound] + context.home.bytes.bytes + value.bytes[range.upperBound...])
            if context.home.isWithin(scratch) { return nil }
        }
        return value.contains(scratch.bytes) ? nil : value
    }

    private var login: [ByteString: ByteString] {
        var result: [ByteString: ByteString] = [
            "HOME": home.bytes, "TMPDIR": temporary.bytes, "SHELL": Self.bash.bytes, "TERM": "dumb",
        ]
        for name in ["USER", "LOGNAME", "LANG"] as [ByteString] { result[name] = context.userEnvironment[name] }
        return result
    }

    private func prepare() throws(Diagnostic) {
        try telling { () throws(SystemError) in
            for directory in [home, temporary, work] {
                try FileSystem.remove(directory)
                try FileSystem.makeDirectories(directory)
            }
            try FileSystem.remove(output)
        }
    }

    private func command(
        _ program: String, _ arguments: [ByteString], environment: [ByteString: ByteString]
    ) -> Command {
        Command(
            executable: Self.bash, arguments: ["--noprofile", "--norc", "-c", ByteString(program), "bash"] + arguments,
            environment: login.merging(environment) { $1 }, workingDirectory: work, writable: [scratch])
    }

    /// Nil where it took too long.
    private func run(
        _ command: Command, within limit: Duration, onLine: @escaping @Sendable (String) -> Void
    ) async throws(Diagnostic) -> CommandResult? {
        let runner = context.runner
        let (seconds, attoseconds) = limit.components
        let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        let (ended, isLate) = await TimeLimit.run(milliseconds: max(1, milliseconds)) {
            await runner.run(command, onLine: onLine)
        }
        // A machine that is busy may hear late of a shell that was quick.
        var result: CommandResult? = ended
        if isLate, case .cancelled = ended.ending { result = nil }
        if Task.isCancelled {
            throw Diagnostic("could not run `etc/conda/activate.d`: it was cancelled")
        }
        if let result, case .notStarted(let code) = result.ending {
            throw Diagnostic(SystemError("start", command.executable, code: code))
        }
        return result
    }

    private static func cause(_ result: CommandResult?, _ limit: Duration) -> String {
        guard let result else { return "it is not done after \(limit.formattedSeconds) seconds" }
        return switch result.ending {
        case .exited(let status): "it ends the shell with status \(status)"
        case .signalled(let signal): "it ends the shell with signal \(signal)"
        case .cancelled, .notStarted: "it did not run"
        }
    }
}

extension ActivationShell {
    /// Everything by builtins, and straight into a file: no script can shadow them, and a trap's output goes elsewhere.
    /// The scripts are sourced in a function, as by `conda activate`, for `local` works there.
    fileprivate static func program(count: Int) -> String {
        let lines = (0..<count).map { index in
            """
                builtin printf 'script\\0%s\\0' \(index) >>"$_envd_output"
                . "${_envd_scripts[\(index)]}"
            """
        }
        return """
            exec 1>&2
            _envd_output=$1
            _envd_scripts=("${@:2}")
            _envd_activate() {
            \(lines.joined(separator: "\n"))
            }
            \(look)
            _envd_activate activate "$CONDA_DEFAULT_ENV"
            \(look)
            builtin printf 'variables\\0' >>"$_envd_output"
            builtin compgen -v >>"$_envd_output" || :
            builtin printf '\\0functions\\0' >>"$_envd_output"
            builtin declare -F >>"$_envd_output" || :
            builtin printf '\\0environment\\0' >>"$_envd_output"
            /usr/bin/env -0 >>"$_envd_output" || builtin exit 126
            builtin printf '\\0done\\0' >>"$_envd_output"
            builtin exit 0
            """
    }

    /// A tag and a text each, both ended by NUL.
    private static let look = #"""
        builtin printf 'traps\0' >>"$_envd_output"
        builtin trap -p >>"$_envd_output" || :
        builtin trap - DEBUG RETURN ERR EXIT
        builtin printf '\0variables of the shell\0' >>"$_envd_output"
        builtin printf '%q ' "${CDPATH-}" "${GLOBIGNORE-}" "${HISTFILE-}" "${HISTCONTROL-}" >>"$_envd_output"
        builtin printf '\0the variable IFS\0%s\0the variable PROMPT_COMMAND\0%s' "${IFS-unset}" "${PROMPT_COMMAND[*]-}" >>"$_envd_output"
        builtin printf '\0the variable PS0\0%s\0the variable PS1\0%s\0the variable PS2\0%s\0the variable PS3\0%s' "${PS0-}" "${PS1-}" "${PS2-}" "${PS3-}" >>"$_envd_output"
        builtin printf '\0the variable PS4\0%s\0the variable HISTSIZE\0%s\0the variable TMOUT\0%s' "${PS4-}" "${HISTSIZE-}" "${TMOUT-}" >>"$_envd_output"
        IFS=$' \t\n'
        builtin printf '\0shell options\0' >>"$_envd_output"
        builtin set +o >>"$_envd_output" || :
        builtin shopt -p >>"$_envd_output" || :
        builtin printf '\0aliases\0' >>"$_envd_output"
        builtin alias -p >>"$_envd_output" || :
        builtin printf '\0completions\0' >>"$_envd_output"
        builtin complete -p >>"$_envd_output" || :
        builtin printf '\0the umask\0' >>"$_envd_output"
        builtin umask >>"$_envd_output" || :
        builtin printf '\0the working directory\0' >>"$_envd_output"
        builtin pwd >>"$_envd_output" || :
        builtin printf '\0limits\0' >>"$_envd_output"
        builtin ulimit -S -a >>"$_envd_output" || :
        builtin ulimit -H -a >>"$_envd_output" || :
        builtin printf '\0' >>"$_envd_output"
        """#
}

extension Duration {
    /// `5` or `0.5`.
    fileprivate var formattedSeconds: String {
        let tenths = (components.seconds * 10) + components.attoseconds / 100_000_000_000_000_000
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}

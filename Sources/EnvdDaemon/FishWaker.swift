internal import EnvdCore
internal import EnvdEngines
internal import EnvdLoop
internal import EnvdStore
internal import EnvdSystem
internal import Logging

/// Wakes fish shells that wait at their prompts, where the user has asked for that (`fish.idle` in config.toml).
///
/// fish watches no descriptors for its user's functions; what reaches a shell at its prompt is a universal variable that
/// another fish sets. That one reads the user's config.fish and writes to their fish_variables, so nobody gets it
/// unasked.
@LoopActor final class FishWaker {
    /// The universal variable, which shell/envd.fish looks out for.
    static let variable = "_envd_woken"

    /// What the user's settings say.
    var isWanted = false
    private unowned let context: DaemonContext
    private var serial: UInt64 = 0
    private var isRunning = false
    private var isPending = false

    init(context: DaemonContext) { self.context = context }

    /// One fish at a time; what changes meanwhile is told by the next.
    func wake() {
        guard isWanted else { return }
        isPending = true
        guard !isRunning, let fish = program else { return }
        isRunning = true
        loopTask {
            while self.isPending, self.isWanted {
                self.isPending = false
                await self.set(with: fish)
            }
            self.isRunning = false
        }
    }

    private func set(with fish: Path) async {
        serial += 1
        let value = "\(CurrentUser.processID)-\(serial)"
        var environment = context.shells.variables
        environment["HOME"] = context.options.paths.home.bytes
        environment["ENVD_DISABLE"] = "1"
        for name in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"] as [ByteString] {
            environment[name] = ProcessEnvironment.value(name.description)
        }
        let command = Command(
            executable: fish, arguments: ["-c", ByteString("set -U \(Self.variable) \(value)")],
            environment: environment, workingDirectory: context.options.paths.home, writable: nil)
        let runner = ChildRunner(child: context.options.child, niceness: 0, idleIO: false)
        // A config.fish that does not end would keep all others from being woken.
        let (result, isLate) = await TimeLimit.run(milliseconds: 5000) { await runner.run(command) { _ in } }
        if !result.succeeded {
            let cause = isLate ? "it took more than 5 s (config.fish?)" : "\(result.ending)"
            context.logger.warning("could not wake fish", metadata: ["cause": "\(cause)"])
        }
    }

    private var program: Path? {
        let path = context.shells.variables["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        return path.split(separator: UInt8(ascii: ":")).map { Path($0) / "fish" }
            .first { $0.isAbsolute && FileSystem.isExecutable($0) }
    }
}

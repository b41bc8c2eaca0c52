internal import EnvdClient
internal import EnvdCore
internal import EnvdProtocol
internal import EnvdSystem

/// Starts and stops the daemon as a service where systemd has one, and by hand where it has none.
struct ServiceControl {
    /// How long a daemon may take to end its builds: milliseconds.
    private static let patience: Int64 = 40_000

    let runtime: RuntimeDirectory
    let service: UserService

    init(runtime: RuntimeDirectory = .ofThisUser()) {
        self.runtime = runtime
        service = UserService(runtime: runtime)
    }

    /// - Throws: where systemd does not serve this user here, with what to do about it.
    func requireManager() throws(CommandFailure) {
        let failure = "could not reach systemd's user manager: "
        guard FileSystem.exists("/run/systemd/system") else {
            throw CommandFailure(
                Diagnostic(
                    failure + "this machine, or container, does not run systemd",
                    hint: "no service is needed: shells and commands start the daemon by themselves"),
                .daemonUnavailable)
        }
        guard service.hasManager else {
            let user = CurrentUser.id
            throw CommandFailure(
                Diagnostic(
                    failure + "there is none at `\(runtime.path.parent)`",
                    hint: ProcessEnvironment.path("XDG_RUNTIME_DIR") == nil
                        ? "log in by ssh or at the console, not by su or sudo, or type: export "
                            + "XDG_RUNTIME_DIR=/run/user/\(user)"
                        : "log in anew, or as root: `systemctl start user@\(user)`"), .daemonUnavailable)
        }
    }

    /// `systemctl --user`, whose failure is ours.
    func control(_ arguments: String..., to action: String) throws(CommandFailure) {
        let outcome: WaitedProcess.Outcome
        do {
            outcome = try service.control(arguments)
        } catch {
            throw CommandFailure(Diagnostic("could not \(action): \(error)"), .toolMissing)
        }
        if outcome.status == 0 { return }
        let said = outcome.text.split(separator: "\n").first.map(String.init) ?? "it ended with \(outcome.status)"
        throw CommandFailure(
            Diagnostic(
                "could not \(action): systemctl says: \(said)",
                hint: "see `systemctl --user status envd` and `journalctl --user -u envd`"))
    }

    /// Starts the daemon where it does not run, and gives it this shell's PATH, proxies and credentials.
    func start() throws(CommandFailure) {
        do {
            try FileSystem.remove(runtime.stopMark)
        } catch {
            throw CommandFailure(Diagnostic("could not start the daemon: \(error)"))
        }
        if service.isEnabled {
            try control("start", "envd.socket", "envd-control.socket", "envd.service", to: "start the service")
        } else {
            do {
                try DaemonStarter(runtime: runtime).start(waiting: .after(milliseconds: 10_000))
            } catch {
                throw CommandFailure(error, .daemonUnavailable)
            }
        }
        // Else projects would wait for the next prompt of some shell.
        try? DaemonClient(startingDaemon: false).handOverEnvironment()
    }

    /// Leaves the mark that clients obey, and ends the daemon, whoever started it.
    func stop(leavingMark: Bool = true) throws(CommandFailure) {
        do {
            if leavingMark {
                try runtime.prepare()
                try FileSystem.replace(runtime.stopMark, with: [])
            }
        } catch {
            throw CommandFailure(Diagnostic("could not stop the daemon: \(error)"))
        }
        if service.isEnabled {
            try control("stop", "envd.socket", "envd-control.socket", "envd.service", to: "stop the service")
        }
        guard runtime.endDaemon(until: .after(milliseconds: Self.patience)) else {
            let holder = runtime.daemonHolder
            throw CommandFailure(
                Diagnostic(
                    "could not stop the daemon: it does not end",
                    hint: holder.map { "`kill -KILL \($0)`" } ?? "see `envd doctor`"), .tryLater)
        }
    }
}

internal import ArgumentParser
internal import EnvdClient
internal import EnvdCore
internal import EnvdProtocol
internal import EnvdSystem

struct ServiceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "service", abstract: "Have systemd run the daemon for you; start, stop and look at it.",
        discussion: "Without systemd, start, stop, restart and status work on the daemon that clients start.",
        subcommands: [
            Install.self, Uninstall.self, Start.self, Stop.self, Restart.self, Status.self,
        ], defaultSubcommand: Status.self)

    struct Install: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Install systemd user units, and have systemd start the daemon when a shell asks.")

        func run() throws {
            let control = ServiceControl()
            try control.requireManager()
            let units = try ServiceCommand.units()
            let isNew = try units.write()
            try? FileSystem.remove(control.runtime.stopMark)
            try control.control("daemon-reload", to: "install the service")
            try control.control("enable", "envd.socket", "envd-control.socket", to: "install the service")
            // One of the units of before.
            if isNew { _ = try? control.service.control(["stop", "envd.service"]) }
            try control.start()
            let place = units.written.contains(units.directory / "envd.service") ? units.directory : units.packaged
            printLine("installed envd.service in `\(place ?? units.directory)`: it runs, and a prompt starts it anew")
            if let hint = Self.lingerHint { printLine("hint: \(hint)") }
        }

        /// A server's user manager ends with the last login.
        private static var lingerHint: String? {
            guard ProcessEnvironment.value(.remoteLogin) != nil, let user = ProcessEnvironment.value("USER"),
                !FileSystem.exists(Path("/var/lib/systemd/linger") / user.description)
            else { return nil }
            return "the service ends when you log out; to have builds go on: `loginctl enable-linger`"
        }
    }

    struct Uninstall: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Stop the service and remove its units; clients start the daemon again.")

        func run() throws {
            let control = ServiceControl()
            let units = try ServiceCommand.units()
            if control.service.hasManager {
                // What was never enabled or started is no trouble.
                _ = try? control.service.control(["disable", "--now"] + UserService.units)
            }
            try units.remove()
            if control.service.hasManager {
                _ = try? control.service.control(["daemon-reload"])
                _ = try? control.service.control(["reset-failed"] + UserService.units)
            }
            printLine("removed the service; the next prompt or command starts the daemon")
            if let packaged = units.packaged { printLine("the package's units stay, disabled, in `\(packaged)`") }
        }
    }

    struct Start: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Start the daemon, also after `stop`.")

        func run() throws { try ServiceControl().start() }
    }

    struct Stop: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Stop the daemon and its builds; nothing starts it before `start` or the next login.")

        func run() throws {
            try ServiceControl().stop()
            printLine("stopped; shells keep the environments that are ready, and `envd service start` goes on")
        }
    }

    struct Restart: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Stop the daemon and start it again.")

        func run() throws {
            let control = ServiceControl()
            try control.stop(leavingMark: false)
            try control.start()
        }
    }

    struct Status: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tell how the service stands (the default): 0 where clients are served, else 1.")

        func run() throws {
            let state = ServiceState(ServiceControl())
            state.lines.forEach { printLine($0) }
            if !state.isServed { throw ExitCode(CommandFailure.Status.failure.rawValue) }
        }
    }

    /// For the program by the name that an upgrade keeps: as PATH finds it, where that is this one.
    private static func units() throws(CommandFailure) -> UnitFiles {
        guard let directory = UserService.ownDirectory else {
            throw CommandFailure(Diagnostic("could not find the user's units: HOME is not set"))
        }
        let own = DaemonStarter.neighbour("envd")
        let path = ProcessEnvironment.value(.path) ?? ""
        let found = path.split(separator: UInt8(ascii: ":")).map { Path($0) / "envd" }.first {
            $0.isAbsolute && (try? FileSystem.canonical($0)) == own
        }
        return UnitFiles(directory: directory, program: found ?? own)
    }
}

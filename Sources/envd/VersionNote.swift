internal import EnvdControl
internal import EnvdCore

/// What to tell of a daemon that is of another version than the command.
enum VersionNote {
    static func notes(daemon: StatusReport.Daemon) -> [Diagnostic] {
        guard daemon.version != Version.text else { return [] }
        let message = "the daemon is version \(daemon.version), and this envd is \(Version.text)"
        let isOlder = Version.isNewer(than: daemon.version)
        return [
            Diagnostic(
                message,
                hint: isOlder
                    ? "another envd starts it; `kill \(daemon.process)`, and the next command starts this one"
                    : "use that envd: `command -v envd` says which one this is")
        ]
    }
}

internal import EnvdClient
internal import EnvdCore
internal import EnvdProtocol
internal import EnvdSystem

/// How the service stands, for people.
struct ServiceState {
    var lines: [String] = []
    /// Whether a client that comes now is served.
    var isServed = false

    init(_ control: ServiceControl) {
        let runtime = control.runtime
        let process = runtime.daemonHolder
        let units = control.service.isEnabled ? Self.properties(control.service) : [:]
        let isListening = units["envd.socket"]?["ActiveState"] == "active"
        let main = units["envd.service"].flatMap { $0["MainPID"] }.flatMap { Int32($0) }
        if control.service.isEnabled {
            let file = units["envd.service"]?["FragmentPath"] ?? "envd.service"
            lines.append("service  enabled, by `\(file)`; its sockets \(isListening ? "listen" : "do not listen")")
        } else if control.service.hasManager {
            lines.append("service  not installed: `envd service install` has systemd start the daemon")
        } else {
            lines.append("service  none: no user manager of systemd is here, and clients start the daemon")
        }
        if let process {
            let starter = process == main ? "by systemd" : "by a client"
            lines.append("daemon   runs, process \(process), started \(starter)")
            isServed = true
        } else if runtime.isStopped {
            lines.append("daemon   stopped by `envd service stop`, until `envd service start`")
        } else {
            lines.append("daemon   does not run; the next prompt or command starts it")
            isServed = isListening
        }
        guard let service = units["envd.service"] else { return }
        if let words = service["StatusText"], !words.isEmpty, process != nil { lines.append("says     \(words)") }
        if let restarts = service["NRestarts"], restarts != "0" { lines.append("restarts \(restarts)") }
        if service["ActiveState"] == "failed" {
            lines.append("failed   \(service["Result"] ?? ""); see `journalctl --user -u envd`")
        }
    }

    /// What the manager says of each unit.
    private static func properties(_ service: UserService) -> [String: [String: String]] {
        let names = "Id,ActiveState,MainPID,FragmentPath,StatusText,NRestarts,Result"
        let outcome = try? service.control(["show", "--property", names] + UserService.units, within: 5000)
        var units: [String: [String: String]] = [:]
        for block in (outcome?.text ?? "").split(separator: "\n\n") {
            var unit: [String: String] = [:]
            for line in block.split(separator: "\n") {
                let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                if parts.count == 2 { unit[String(parts[0])] = String(parts[1]) }
            }
            if let name = unit["Id"] { units[name] = unit }
        }
        return units
    }
}

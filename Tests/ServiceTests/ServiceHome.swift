import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Glibc

/// A home with a systemd user manager, and copies of the programs that a test may replace.
final class ServiceHome {
    /// Whether contrib/scripts/with-user-manager started the suite, which contrib/scripts/run-tests does as root.
    static var isPossible: Bool {
        guard let runtime = ProcessEnvironment.path("XDG_RUNTIME_DIR") else { return false }
        return managed != nil && FileSystem.exists(runtime / "systemd/private")
    }

    /// The HOME of the manager.
    private static var managed: Path? { ProcessEnvironment.path("ENVD_TEST_MANAGER_HOME") }

    let home: Home
    let programs: Path
    /// Where the daemon's sockets and answers are.
    let runtime: Path
    /// Where the manager looks for units.
    let units: Path

    init() throws {
        guard let managed = Self.managed, let base = ProcessEnvironment.path("XDG_RUNTIME_DIR") else {
            throw SystemError("find the user manager", code: SystemError.absent)
        }
        home = try Home()
        programs = home.path / "programs"
        runtime = base / "envd"
        units = managed / ".config/systemd/user"
        try FileSystem.makeDirectories(programs)
        for name in ["envd", "envd-hook", "envd-child"] { try install(name) }
        home.variables["HOME"] = managed.bytes
        home.variables["XDG_CONFIG_HOME"] = (managed / ".config").bytes
        home.variables["XDG_RUNTIME_DIR"] = base.bytes
        home.variables["PATH"] = ByteString("\(programs):\(home.path)/tools:/usr/bin:/bin")
    }

    deinit {
        envd("service", "uninstall")
        if let daemon { kill(daemon, SIGTERM) }
        try? home.waitForLock(runtime / "lock")
        try? FileSystem.remove(runtime)
    }

    /// Puts a program in place as an installation does: under another name first.
    func install(_ name: String) throws {
        let new = programs / ".\(name)"
        try home.run("/usr/bin/cp", ["\(Programs.directory / name)", "\(new)"]).expect(0)
        try FileSystem.rename(new, to: programs / name)
    }

    @discardableResult
    func envd(_ arguments: String..., in directory: Path? = nil) -> Outcome {
        home.run(programs / "envd", arguments, in: directory)
    }

    /// What a shell's start says.
    func hello() { home.run(programs / "envd-hook", ["hello", "bash"]) }

    @discardableResult
    func systemctl(_ arguments: String...) -> Outcome {
        home.run("/usr/bin/systemctl", ["--user"] + arguments)
    }

    func property(_ name: String, of unit: String = "envd.service") throws -> String {
        let outcome = try systemctl("show", "--value", "--property", name, unit).expect(0)
        return outcome.output.trimmingSuffix { $0.isNewline }
    }

    /// The process of the service; nil where it has none.
    func service() throws -> Int32? {
        try property("MainPID").isZero ? nil : Int32(try property("MainPID"))
    }

    /// The daemon that last told the shells something, where it lives.
    var daemon: Int32? {
        let line = (try? FileSystem.read(runtime / "state")).map { String(decoding: $0, as: UTF8.self) } ?? ""
        let words = line.split { $0 == " " || $0 == "\n" }
        guard words.count == 3, let process = Int32(words[1]), kill(process, 0) == 0 else { return nil }
        return process
    }

    /// Waits until a daemon other than `old` serves, and gives it.
    @discardableResult
    func waitForDaemon(otherThan old: Int32?) throws -> Int32 {
        var found: Int32?
        try FileEvents.wait(in: runtime, for: "daemon other than \(old ?? 0)", within: 180) {
            found = daemon
            return found != nil && found != old
        }
        return found ?? 0
    }
}

extension String {
    fileprivate var isZero: Bool { self == "0" || isEmpty }

    fileprivate func trimmingSuffix(_ isDropped: (Character) -> Bool) -> String {
        var text = self
        while let last = text.last, isDropped(last) { text.removeLast() }
        return text
    }
}

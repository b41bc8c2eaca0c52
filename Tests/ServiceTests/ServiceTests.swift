import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Glibc
import Testing

@Suite("envd as a service of systemd", .serialized)
struct ServiceTests {
    @Test(
        "the service gives, and takes, what its page says",
        .enabled(if: ServiceHome.isPossible, "needs root: contrib/scripts/run-tests starts a user manager then"))
    func service() throws {
        let home = try ServiceHome()
        let project = try GatedProject(home.home)
        try home.envd("status", "--all").expect(0)
        let clients = try #require(home.daemon)

        // A daemon that a client started gives way to the one that systemd starts.
        #expect(try home.envd("service", "status").expect(0).output.contains("started by a client"))
        try home.envd("service", "install").expect(0)
        var daemon = try home.waitForDaemon(otherThan: clients)
        #expect(try home.service() == daemon)
        #expect(try home.property("Slice") == "background.slice")
        #expect(try home.property("StatusText") == "0 projects")
        #expect(try home.envd("service", "status").expect(0).output.contains("started by systemd"))
        let units = ["envd.socket", "envd-control.socket", "envd.service"].map { "\(home.units / $0)" }
        let verdict = home.home.run("/usr/bin/systemd-analyze", ["--user", "verify"] + units)
        #expect(verdict.output + verdict.errors == "")

        // The sockets outlive it, and the first hook has systemd start it.
        try home.systemctl("stop", "envd.service").expect(0)
        home.hello()
        daemon = try home.waitForDaemon(otherThan: daemon)
        #expect(try home.service() == daemon)

        try killed(home, &daemon)
        try reloaded(home, daemon)
        try upgraded(home, project, &daemon)
        try hung(home, &daemon)
        try stopped(home, &daemon)

        // Without the units clients start the daemon, as before.
        try home.envd("service", "uninstall").expect(0)
        #expect((try? FileSystem.list(home.units)) ?? [] == [])
        try home.envd("status", "--all").expect(0)
        #expect(home.daemon != nil)
        #expect(try home.service() == nil)
    }

    /// Nobody asks, and yet it is back.
    private func killed(_ home: ServiceHome, _ daemon: inout Int32) throws {
        kill(daemon, SIGKILL)
        daemon = try home.waitForDaemon(otherThan: daemon)
        #expect(try home.service() == daemon)
        #expect(try home.property("NRestarts") == "1")
    }

    /// What no event told of: the settings are written under another name of the same file.
    private func reloaded(_ home: ServiceHome, _ daemon: Int32) throws {
        let file = home.units.parent.parent / "envd/config.toml"
        let other = home.home.path / "settings.toml"
        try FileSystem.makeDirectories(file.parent)
        try home.home.write(other, "trust = \"follow\"\n")
        try FileSystem.hardLink(other, as: file)
        let root = try home.home.project("settings", files: ["requirements.txt": ""])
        try home.envd("allow", in: root).expect(0)
        try home.envd("wait", in: root).expect(0)
        try FileSystem.append(other, Array("nonsense = 1\n".utf8))
        try home.systemctl("reload", "envd.service").expect(0)
        try FileEvents.wait(in: home.runtime, for: "word on the settings") {
            home.envd("status", in: root).output.contains("nonsense")
        }
        #expect(try home.property("ActiveState") == "active")
        #expect(try home.service() == daemon)
        try FileSystem.remove(file)
        try home.systemctl("reload", "envd.service").expect(0)
        try home.envd("wait", in: root).expect(0)
    }

    /// The program is replaced while a build runs: a new daemon, the shells as they were, the build from its start.
    private func upgraded(_ home: ServiceHome, _ project: GatedProject, _ daemon: inout Int32) throws {
        let settings = home.home.path / "settings"
        let shell = try Terminal(
            ["/bin/bash", "--noprofile", "--norc", "-i"],
            environment: home.home.variables.merging(["PWD": settings.bytes]) { $1 }, workingDirectory: settings)
        try shell.send("eval \"$(envd hook bash)\"\nprintf '<%s>\\n' \"${VIRTUAL_ENV##*/}\"-first\n")
        try shell.send("printf '<%s>\\n' \"${VIRTUAL_ENV##*/}\"-second\n")
        _ = try shell.expect("<1-second>", within: 120)

        try project.closeGate()
        try home.envd("allow", in: project.root).expect(0)
        try project.waitForArrival()
        #expect(try home.property("StatusText").contains("building `p`"))
        let builder = Int32(String(decoding: try FileSystem.read(project.root / "calls"), as: UTF8.self).dropLast())
        let group = try String(
            decoding: FileSystem.read(Path("/proc/\(try #require(builder))/cgroup")), as: UTF8.self)
        if FileSystem.exists("/sys/fs/cgroup/cgroup.controllers") || group.contains("\n0::/envd-tests") {
            #expect(group.contains("/envd.service/command-"), "\(group)")
        }
        try FileSystem.remove(project.root / "arrived")
        for name in ["envd", "envd-hook", "envd-child"] { try home.install(name) }
        daemon = try home.waitForDaemon(otherThan: daemon)
        #expect(try home.service() == daemon)
        #expect(try home.property("NRestarts") == "2")
        try project.waitForArrival()
        try project.openGate()
        try home.envd("wait", in: project.root).expect(0)
        #expect(project.builds == 2)
        try shell.send("printf '<%s>\\n' \"${VIRTUAL_ENV##*/}\"-third\n")
        _ = try shell.expect("<1-third>", within: 120)
        #expect(try home.property("NRestarts") == "2")
        let text = try home.property("ControlGroup")
        for root in ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"] as [Path] {
            let left = ((try? FileSystem.list(Path(ByteString("\(root)\(text)")))) ?? []).map(\.description)
            #expect(!left.contains { $0.hasPrefix("command-") }, "\(left)")
        }
    }

    /// One that hangs is shot by systemd's watchdog, and another serves.
    private func hung(_ home: ServiceHome, _ daemon: inout Int32) throws {
        let file = home.units / "envd.service.d/watchdog.conf"
        try home.home.write(file, "[Service]\nWatchdogSec=4\n")
        try home.systemctl("daemon-reload").expect(0)
        try home.systemctl("restart", "envd.service").expect(0)
        daemon = try home.waitForDaemon(otherThan: daemon)
        // Longer than the watchdog's patience: no event tells that it was content.
        poll(nil, 0, 5000)
        #expect(try home.property("NRestarts") == "0")
        kill(daemon, SIGSTOP)
        daemon = try home.waitForDaemon(otherThan: daemon)
        #expect(try home.property("NRestarts") == "1")
        try FileSystem.remove(file)
        try home.systemctl("daemon-reload").expect(0)
        try home.envd("service", "restart").expect(0)
        daemon = try home.waitForDaemon(otherThan: daemon)
        #expect(try home.service() == daemon)
    }

    private func stopped(_ home: ServiceHome, _ daemon: inout Int32) throws {
        try home.envd("service", "stop").expect(0)
        try home.systemctl("is-active", "envd.socket").expect(3)
        home.hello()
        let refusal = try home.envd("status", "--all").expect(69)
        #expect(refusal.errors.contains("hint: `envd service start`"))
        #expect(try home.envd("service", "status").expect(1).output.contains("stopped by `envd service stop`"))
        #expect(home.daemon == nil)
        try home.envd("service", "start").expect(0)
        daemon = try home.waitForDaemon(otherThan: daemon)
        #expect(try home.service() == daemon)
        try home.envd("wait", in: home.home.path / "settings").expect(0)
    }

    @Test("without systemd `envd service` says that none is needed, and stops and starts what clients start")
    func withoutSystemd() throws {
        let home = try Home()
        let refusal = try home.envd("service", "install").expect(69)
        #expect(refusal.errors.contains("could not reach systemd's user manager"))
        try home.envd("service", "start").expect(0)
        let first = try #require(home.daemonProcess)
        try home.envd("service", "stop").expect(0)
        #expect(home.daemonProcess == nil)
        home.run(Programs.directory / "envd-hook", ["hello", "bash"])
        #expect(try home.envd("status", "--all").expect(69).errors.contains("`envd service start`"))
        try home.envd("service", "restart").expect(0)
        let second = try #require(home.daemonProcess)
        #expect(second != first)
        #expect(try home.envd("service", "status").expect(0).output.contains("runs, process \(second)"))
    }

    @Test("a client's daemon whose program is replaced becomes the new one, once, and is the same process")
    func replaced() throws {
        let home = try Home()
        let programs = home.path / "programs"
        func install() throws {
            try FileSystem.makeDirectories(programs / "new")
            for name in ["envd", "envd-hook", "envd-child"] {
                try home.run("/usr/bin/cp", ["\(Programs.directory / name)", "\(programs / "new")"]).expect(0)
                try FileSystem.rename(programs / "new" / name, to: programs / name)
            }
        }
        try install()
        home.variables["PATH"] = ByteString("\(programs):\(home.path)/tools:/usr/bin:/bin")
        try home.run(programs / "envd", ["status", "--all"]).expect(0)
        func told() -> [Substring] { home.stateLine?.split { $0 == " " || $0 == "\n" } ?? [] }
        let daemon = try #require(told().count == 3 ? Int32(told()[1]) : nil)
        defer {
            kill(daemon, SIGTERM)
            try? home.waitForDaemonsEnd()
        }
        let link = Path("/proc/\(daemon)/exe")
        let before = try FileSystem.status(link)?.inode
        try install()
        try FileEvents.wait(in: home.runtime, for: "the new program", within: 180) {
            ((try? FileSystem.status(link))??.inode).map { $0 != before } ?? false
        }
        try home.run(programs / "envd", ["status", "--all"]).expect(0)
        #expect(told()[1] == "\(daemon)")
    }
}

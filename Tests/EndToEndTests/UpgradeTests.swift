import EnvdCore
import EnvdProtocol
import EnvdSystem
import EnvdTestSupport
import Glibc
import Testing

@Suite("Two versions of envd")
struct UpgradeTests {
    /// A copy of the programs that says it is of another version: the same number of bytes, in the home's `old`.
    private func older(_ home: Home) throws -> Path {
        let directory = home.path / "old"
        try FileSystem.makeDirectories(directory)
        let own = try home.envd("version").expect(0).output.dropFirst("envd ".count).dropLast()
        let script = """
            set -e
            LC_ALL=C sed 's/envd version \(own)/envd version 0.0.9/' '\(Programs.envd)' >envd
            chmod 755 envd
            cp '\(Programs.directory)/envd-hook' '\(Programs.directory)/envd-child' .
            """
        try home.run("/bin/sh", ["-c", script], in: directory).expect(0)
        #expect(home.run(directory / "envd", ["version"]).output == "envd 0.0.9\n")
        return directory / "envd"
    }

    private func version(_ outcome: Outcome) throws -> String {
        let answer = try #require(outcome.output.firstRange(of: "\"version\" : \"0.")?.lowerBound)
        return String(outcome.output[answer...].dropFirst("\"version\" : \"".count).prefix { $0 != "\"" })
    }

    @Test(
        "a newer client replaces the daemon once, builds begin again, old shells go on; an older client replaces none")
    func upgrade() throws {
        let home = try Home()
        let old = try older(home)
        let ready = try home.project("ready", files: ["requirements.txt": "idna\n"])
        try home.run(old, ["allow"], in: ready).expect(0)
        try home.run(old, ["wait"], in: ready).expect(0)
        let gated = try GatedProject(home)
        try gated.closeGate()
        try home.run(old, ["allow"], in: gated.root).expect(0)
        try gated.waitForArrival()
        try FileSystem.replaceLink(home.path / "home/bin/envd", to: old)
        let session = try HookedShell(.bash, in: home)
        let first = try #require(home.daemonProcess)
        #expect(try version(home.run(old, ["status", "--all", "--json"]).expect(0)) == "0.0.9")

        try FileSystem.remove(gated.root / "arrived")
        let new = try home.envd("status", "--all", "--json").expect(0)
        #expect(try version(new) != "0.0.9")
        #expect(new.errors == "")
        try home.waitForDaemon(otherThan: first)
        // Whoever inherits it may be slow to say goodbye to it.
        #expect((try? FileSystem.linkTarget(Path("/proc/\(first)/exe"))) == nil)
        let second = try #require(home.daemonProcess)
        try gated.waitForArrival()
        try gated.openGate()
        try home.envd("wait", in: gated.root).expect(0)
        // The shell has the older hook's text, and the older envd-hook.
        try session.run("cd '\(gated.root)'")
        #expect(try session.output("python -c 'import gated_module; print(1)'") == "1")
        try session.run("cd '\(ready)'")
        #expect(try session.imports("idna") == "yes")
        let question = try home.run(old.parent / "envd-hook", ["ask", "bash"], in: gated.root).expect(0)
        #expect(question.output != "")

        let talking = try home.run(old, ["status", "--all"]).expect(0)
        #expect(talking.errors.contains("note: the daemon is version ") && talking.errors.contains("envd is 0.0.9"))
        #expect(home.daemonProcess == second)
        #expect(try home.run(old, ["daemon"]).expect(69).errors.contains("another daemon serves this user already"))

        // An older one that comes back was started on purpose: it is told of, and not replaced a second time.
        try home.signalDaemon(SIGTERM)
        try home.waitForDaemonsEnd()
        try home.run(old, ["status", "--all"]).expect(0)
        let third = try #require(home.daemonProcess)
        #expect(try home.envd("status", "--all").expect(0).errors.contains("note: the daemon is version 0.0.9"))
        #expect(home.daemonProcess == third)
        // A newer daemon, as a service starts it, takes the place of the older one.
        let service = try Terminal(
            [Programs.envd.description, "daemon"], environment: home.variables, workingDirectory: home.outside)
        try home.waitForDaemon(otherThan: third)
        #expect(home.daemonProcess == service.processIdentifier)
        #expect(try session.imports("idna") == "yes")
        #expect(try home.status(ready).state == "ready")
    }
}

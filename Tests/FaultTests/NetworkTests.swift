import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("When the network is away", .timeLimit(.minutes(20)))
struct NetworkTests {
    /// Brings the loopback interface up, which a new namespace has down (netdevice(7)).
    private static let up = """
        import fcntl, socket, struct
        fcntl.ioctl(socket.socket(socket.AF_INET, socket.SOCK_DGRAM), 0x8914, struct.pack('16sh', b'lo', 0x41))
        """

    @Test(
        "a build that it failed is told as such, is none to be mended, and goes on by itself when the network is back",
        .enabled(if: NamespacedDaemon.isPossible, "user namespaces are closed to users here"))
    func back() throws {
        let home = try Home(["UV_HTTP_RETRIES": "0"])
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        home.stopDaemon()
        try LoopbackIndex.publish("envd-network-demo", in: home.path)
        let server = "setpriv --pdeathsig KILL python3 -m http.server --bind 0.0.0.0 --directory '\(home.path)' 8000"
        let daemon = try NamespacedDaemon(home, setup: "\(server) >/dev/null 2>&1 &", hasNetwork: false)
        try home.write(
            root / "requirements.txt",
            "--extra-index-url http://127.0.0.1:8000/simple/\nenvd-network-demo==1.0\n")
        try home.envd("allow", in: root).expect(0)
        try home.envd("wait", in: root).expect(1)
        let status = try home.status(root)
        #expect(status.state == "failed" && status.current?.number == 1)
        #expect(status.failure?.needsNetwork == true)
        let hint = status.failure?.hint ?? ""
        #expect(hint.contains("it is tried again in ") && hint.contains("or now by `envd build`"), "\(hint)")
        // A look at the files is no reason: only time, the network and the user are.
        try home.envd("wait", in: root).expect(1)

        let entered = home.run(
            "/usr/bin/nsenter",
            ["-t", "\(daemon.process)", "-U", "-n", "--preserve-credentials", "/usr/bin/env", "python3", "-c", Self.up])
        try entered.expect(0)
        try home.waitForCurrent(2, of: root)
        let log = home.envd("log", in: root).output
        #expect(log.contains(": the network changed"), "\(log)")
        #expect(try home.status(root).failure == nil)
        #expect(try daemon.end() == 0)
    }
}

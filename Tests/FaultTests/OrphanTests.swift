import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Glibc
import Testing

@Suite("A build that is cancelled", .timeLimit(.minutes(20)))
struct OrphanTests {
    /// How a build comes to its end before its time.
    enum Cancel: CaseIterable { case overtaken, denied, daemonEnds, daemonIsKilled }

    /// A project whose setup starts processes that leave its session and its parent, while there is a file `runaway`.
    private final class RunawayProject {
        let home: Home
        let root: Path
        /// Held open for writing by every process that the setup started.
        private let alive: Int32

        init(_ home: Home) throws {
            self.home = home
            root = try home.project(
                files: ["pyproject.toml": Self.manifest(1), "backend.py": Self.backend, "runaway": ""])
            try FileSystem.makeFifo(root / "alive")
            alive = FileSystem.withCPath(root / "alive") { open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC) }
            guard alive >= 0 else { throw SystemError("open the pipe", root) }
        }

        deinit { close(alive) }

        func save(version: Int) throws { try home.write(root / "pyproject.toml", Self.manifest(version)) }

        func waitForArrival() throws {
            try FileEvents.wait(in: root, for: "runaway processes", within: 240) {
                FileSystem.exists(root / "arrived")
            }
        }

        /// Whether all of them ended, as the kernel tells when nobody has the pipe open for writing any more.
        func waitForTheirEnd() -> Bool {
            var request = pollfd(fd: alive, events: 0, revents: 0)
            return poll(&request, 1, 120_000) == 1 && request.revents & Int16(POLLHUP) != 0
        }

        private static func manifest(_ version: Int) -> String {
            """
            [project]
            name = "runaway"
            version = "\(version)"

            [build-system]
            requires = []
            build-backend = "backend"
            backend-path = ["."]

            """
        }

        private static let backend = """
            import os, signal, time, zipfile


            def linger():
                for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
                    signal.signal(number, signal.SIG_IGN)
                while True:
                    time.sleep(60)


            def run_away():
                os.open("alive", os.O_WRONLY)
                if os.fork() == 0:
                    linger()
                if os.fork() == 0:
                    os.setsid()
                    linger()
                if os.fork() == 0:
                    os.setsid()
                    if os.fork() == 0:
                        open("arrived", "w").close()
                        linger()
                    os._exit(0)
                linger()


            def build_editable(directory, config_settings=None, metadata_directory=None):
                if os.path.exists("runaway"):
                    run_away()
                version = [line.split('"')[1] for line in open("pyproject.toml") if line.startswith("version")][0]
                name = f"runaway-{version}-py3-none-any.whl"
                info = f"runaway-{version}.dist-info"
                with zipfile.ZipFile(os.path.join(directory, name), "w") as wheel:
                    wheel.writestr("runaway_module.py", "")
                    wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\\nName: runaway\\nVersion: {version}\\n")
                    wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
                    wheel.writestr(f"{info}/RECORD", f"runaway_module.py,,\\n{info}/METADATA,,\\n{info}/WHEEL,,\\n{info}/RECORD,,\\n")
                return name

            """
    }

    @Test("leaves no process, whatever session and parent its setup gave them", arguments: Cancel.allCases)
    func runaways(cancel: Cancel) throws {
        let home = try Home()
        let project = try RunawayProject(home)
        try home.envd("allow", in: project.root).expect(0)
        try project.waitForArrival()
        try FileSystem.remove(project.root / "runaway")
        switch cancel {
        case .overtaken: try project.save(version: 2)
        case .denied: try home.envd("deny", in: project.root).expect(0)
        case .daemonEnds: try home.endDaemon()
        case .daemonIsKilled: try home.killDaemon()
        }
        #expect(project.waitForTheirEnd())
        if cancel == .denied { try home.envd("allow", in: project.root).expect(0) }
        try home.expectWhole(project.root, imports: "runaway_module")
    }
}

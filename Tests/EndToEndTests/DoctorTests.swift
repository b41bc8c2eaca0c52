import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Foundation
import Glibc
import Testing

@Suite("What the doctor finds")
struct DoctorTests {
    /// What `envd doctor --json` prints, read by what is written down about it.
    private struct Document: Decodable {
        struct Daemon: Decodable {
            var state: String
            var process: Int32?
        }
        struct Environment: Decodable {
            var generation: Int
            var prefix: String
            var isIntact: Bool
            var drift: [String]
        }
        struct Cuda: Decodable {
            struct Runtime: Decodable {
                var version: String
                var package: String
                var fit: String
            }
            var driver: String?
            var runtimes: [Runtime]
        }
        struct Finding: Decodable {
            var kind: String
            var subject: String
            var message: String
            var hint: String?
        }
        var version: Int
        var daemon: Daemon
        var state: String?
        var environment: Environment?
        var cuda: Cuda
        var findings: [Finding]

        init(_ outcome: Outcome) throws {
            self = try JSONDecoder().decode(Self.self, from: Data(outcome.output.utf8))
        }
    }

    /// A home on a machine that is said to have no driver, whatever it has.
    private func home() throws -> Home { try Home(["CONDA_OVERRIDE_CUDA": ""]) }

    @Test("a project that is ready has no problem, and what was put in by hand is noted")
    func ready() throws {
        let home = try home()
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        let prefix = "\(try home.store(root))/generations/1"
        let said = try home.envd("doctor", in: root).expect(0)
        let process = try #require(home.daemonProcess)
        for words in [
            "runs: version 0.1.0, process \(process)", "\(root): ready", "generation 1, Python 3",
            "\(prefix) is whole", "nothing goes onto LD_LIBRARY_PATH", "this shell has not switched to it",
            "none, for CONDA_OVERRIDE_CUDA is empty", "the environment brings none of CUDA's",
            "no problem was found",
        ] {
            #expect(said.output.contains(words), "\(said.output)")
        }
        #expect(said.errors.isEmpty)
        for words in [
            "hook         bash does not load it", "`envd setup bash` writes it", "is this user's alone",
            "packages     each finds what it needs", "are free where environments are built",
        ] {
            #expect(said.output.contains(words), "\(said.output)")
        }
        #expect(said.output.firstMatch(of: /the daemon has [1-9][0-9]* watches/) != nil, "\(said.output)")
        try home.envd("setup", "bash", "--yes").expect(0)
        #expect(home.envd("doctor", in: root).output.contains("ok       hook         bash loads it, by"))
        try FileSystem.setMode(home.runtime, 0o755)
        #expect(try home.envd("doctor", in: root).expect(1).output.contains("hint         chmod 700 "))
        try FileSystem.setMode(home.runtime, 0o700)
        let exec = home.envd("exec", "--", "python", "-m", "pip", "install", "--quiet", "six==1.16.0", in: root)
        try exec.expect(0)
        try FileSystem.makeDirectories(root / "inner")
        let shell: [ByteString: ByteString] = ["ENVD_ROOT": root.bytes, "ENVD_UNDO": "1"]
        let document = try Document(home.envd("doctor", "--json", in: root / "inner", with: shell).expect(0))
        #expect(document.version == 1)
        #expect(document.daemon.state == "running" && document.daemon.process == process)
        #expect(document.state == "ready")
        #expect(document.environment?.generation == 1 && document.environment?.prefix == prefix)
        #expect(document.environment?.drift == ["six 1.16.0 was added"])
        #expect(document.findings.contains { $0.kind == "note" && $0.message == "six 1.16.0 was added" })
        #expect(document.findings.contains { $0.kind == "ok" && $0.message == "this shell has switched to it" })
    }

    @Test("a daemon that hangs is a problem, and all that lies on the disk is told all the same")
    func hungDaemon() throws {
        let home = try home()
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        let process = try #require(home.daemonProcess)
        try home.signalDaemon(SIGSTOP)
        let said = try home.envd("doctor", in: root).expect(1)
        #expect(said.output.contains("does not answer within 2 s (process \(process))"))
        #expect(said.output.contains("`kill -KILL \(process)`"))
        #expect(said.output.contains("\(root): shells are told to switch to it"))
        #expect(said.output.contains("generations/1 is whole"))
        #expect(said.output.contains("1 problem was found"))
        try home.signalDaemon(SIGCONT)
    }

    @Test(
        "a daemon that does not run is not started, and what it left behind is looked at",
        arguments: [SIGTERM, SIGKILL])
    func stoppedDaemon(_ signal: Int32) throws {
        let home = try home()
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        let prefix = try home.store(root) / "generations/1"
        try home.signalDaemon(signal)
        try home.waitForDaemonsEnd()
        // A killed one leaves its socket.
        #expect(FileSystem.exists(home.runtime / "control") == (signal == SIGKILL))
        let said = try home.envd("doctor", root.description).expect(0)
        #expect(said.output.contains("does not run"))
        #expect(said.output.contains("generation 1, Python 3"))
        #expect(home.daemonProcess == nil)
        // Without its python it is damaged, and another directory has nothing to do with it.
        try FileSystem.remove(prefix / "bin/python")
        let damaged = try Document(home.envd("doctor", "--json", in: root).expect(1))
        #expect(damaged.daemon.state == "stopped")
        #expect(damaged.environment?.isIntact == false)
        #expect(damaged.findings.contains { $0.kind == "problem" && $0.message.hasPrefix("\(prefix) is damaged") })
        #expect(try Document(home.envd("doctor", "--json").expect(0)).environment == nil)
    }

    @Test("a failed build is a problem; a directory that is not allowed, or no project, is none")
    func states() throws {
        let home = try home()
        let root = try home.project(files: ["requirements.txt": "idna\n"])
        let asked = try home.envd("doctor", in: root).expect(0)
        #expect(FileSystem.exists(home.runtime / "state") == false)
        #expect(asked.output.contains("no environment of envd's"))
        try home.envd("status", in: root).expect(0)
        let known = try home.envd("doctor", in: root).expect(0)
        #expect(known.output.contains("\(root): not allowed") && known.output.contains("`envd allow \(root)`"))
        #expect(try home.envd("doctor").expect(0).output.contains("could not find a project in"))
        try home.write(root / "requirements.txt", "idna==0.0.0.1\n")
        try home.envd("allow", in: root).expect(0)
        home.envd("wait", in: root)
        let failed = try home.envd("doctor", in: root).expect(1)
        #expect(failed.output.contains("problem  project      \(root): the last build failed: "))
        #expect(try home.envd("doctor", "nowhere").expect(1).errors.contains("could not find `"))
    }

    @Test("a runtime is compared with the driver, and both versions are named")
    func cuda() throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "nvidia-cuda-runtime-cu12==12.1.105\n"])
        let source = try home.directory.write(
            "driver.c", "int cuDriverGetVersion(int *version) { *version = NUMBER; return 0; }\n")
        func doctor(driver number: Int, _ arguments: String...) throws -> Outcome {
            let library = home.path / "drivers/\(number)"
            try FileSystem.makeDirectories(library)
            let made = (library / "libcuda.so.1").description
            try home.run(
                "/usr/bin/cc", ["-shared", "-fPIC", "-DNUMBER=\(number)", "-o", made, source.description]
            ).expect(0)
            return home.run(
                Programs.envd, ["doctor"] + arguments, in: root, with: ["LD_LIBRARY_PATH": library.bytes])
        }
        let brings = "`nvidia-cuda-runtime-cu12` 12.1.105 is for CUDA 12.1"
        let newer = try doctor(driver: 12040).expect(0)
        #expect(newer.output.contains("ok       driver       CUDA 12.4\n"))
        #expect(newer.output.contains("ok       runtime      \(brings), which the driver's 12.4 serves"))
        let limited = try doctor(driver: 12000).expect(0)
        #expect(limited.output.contains("note     runtime      \(brings), newer than the driver's 12.0: works, but"))
        let older = try doctor(driver: 11080).expect(1)
        #expect(older.output.contains("problem  runtime      \(brings), which the driver's 11.8 does not serve"))
        #expect(older.output.contains("install a driver for CUDA 12 (branch 525 or newer), or ask for packages for"))
        let document = try Document(doctor(driver: 11080, "--json").expect(1))
        #expect(document.cuda.driver == "11.8")
        #expect(document.cuda.runtimes.map(\.fit) == ["needs a newer driver"])
        // The user's word on the driver counts, as it does for conda.
        let word = try home.envd("doctor", in: root, with: ["CONDA_OVERRIDE_CUDA": "13.0"]).expect(0)
        #expect(word.output.contains("CUDA 13.0, for CONDA_OVERRIDE_CUDA says so"))
        let none = try Document(home.envd("doctor", "--json", in: root, with: ["CONDA_OVERRIDE_CUDA": ""]).expect(0))
        #expect(none.cuda.runtimes.map(\.fit) == ["no driver"])
        #expect(
            try home.envd("doctor", in: root, with: ["CONDA_OVERRIDE_CUDA": "many"]).expect(1).output.contains(
                "CONDA_OVERRIDE_CUDA is no version: `many`"))
        // The directories of the environment are the user's own finding.
        let prefix = try home.store(root) / "generations/1"
        #expect(newer.output.contains("\(prefix)/lib/python3"))
        #expect(newer.output.contains("nvidia/cuda_runtime/lib goes onto LD_LIBRARY_PATH"))
    }

    @Test("a driver that hangs holds the doctor for three seconds at most, and is a problem")
    func hungDriver() throws {
        let home = try Home()
        let source = try home.directory.write(
            "driver.c", "#include <unistd.h>\nint cuDriverGetVersion(int *version) { for (;;) pause(); }\n")
        try FileSystem.makeDirectories(home.path / "driver")
        let made = home.path / "driver/libcuda.so.1"
        try home.run("/usr/bin/cc", ["-shared", "-fPIC", "-o", made.description, source.description]).expect(0)
        let said = try home.envd("doctor", with: ["LD_LIBRARY_PATH": made.parent.bytes], within: 180).expect(1)
        #expect(said.output.contains("problem  driver       none can be used: "))
        #expect(said.output.contains(" did not answer within 3.0 s"))
    }

    @Test("a program that is named has to be there")
    func program() throws {
        let home = try home()
        #expect(try home.envd("doctor", "--", "sh", "-c", "x").expect(0).output.contains("program      /usr/bin/sh"))
        let missing = try home.envd("doctor", "--", "envd-no-such-program").expect(1)
        #expect(missing.output.contains("could not find `envd-no-such-program`"))
    }
}

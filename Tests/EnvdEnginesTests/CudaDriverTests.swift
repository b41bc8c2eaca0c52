import EnvdCore
import EnvdEngines
import EnvdSystem
import EnvdTestSupport
import Glibc
import Testing

@Suite("NVIDIA's driver")
struct CudaDriverTests {
    @Test("says its version, and the lowest capability of its GPUs", arguments: [(12040, "12.4"), (13000, "13.0")])
    func version(_ number: Int, _ version: String) async throws {
        let workshop = try CudaWorkshop()
        try await workshop.install(CudaWorkshop.driver(number))
        let answer = try await workshop.detect()
        #expect(answer.driver?.version.description == version)
        #expect(answer.driver?.capability == "8.6")
        #expect(answer.trouble == nil && !answer.isBroken)
        #expect(workshop.said.isEmpty)
    }

    @Test("none is none, without a word")
    func none() async throws {
        let workshop = try CudaWorkshop()
        #expect(try await workshop.detect() == .none)
        #expect(workshop.said.isEmpty)
    }

    @Test("is found as the linker finds it, and with all its GPUs")
    func linker() async throws {
        let workshop = try CudaWorkshop()
        try await workshop.install(
            CudaWorkshop.driver(12060, start: "if (getenv(\"CUDA_VISIBLE_DEVICES\")) return 100"))
        let answer = await CudaDriver.detect(
            by: try CudaWorkshop.program, libraries: CudaLibraries(), milliseconds: 30_000,
            context: workshop.context(["LD_LIBRARY_PATH": workshop.libraries.bytes, "CUDA_VISIBLE_DEVICES": ""]))
        #expect(answer.driver == CudaDriver(version: CudaVersion(major: 12, minor: 6), capability: "8.6"))
    }

    @Test("counts where no GPU answers, with a word about that")
    func noDevice() async throws {
        let workshop = try CudaWorkshop()
        try await workshop.install(CudaWorkshop.driver(12080, start: "return 803"))
        let answer = try await workshop.detect()
        #expect(answer.driver == CudaDriver(version: CudaVersion(major: 12, minor: 8)))
        #expect(
            answer.trouble
                == "no GPU answers: CUDA error 803 (the kernel's module and the library are of different versions)")
        #expect(!answer.isBroken)
        #expect(workshop.said == ["CUDA driver: \(answer.trouble ?? "")"])
    }

    @Test("is not taken from what is no driver", arguments: ["text", "symbols", "stub", "old"])
    func noDriver(_ kind: String) async throws {
        let workshop = try CudaWorkshop()
        switch kind {
        case "text": try workshop.directory.write("lib/libcuda.so.1", "a text\n")
        case "symbols": try await workshop.install("int cuSomething(void) { return 0; }")
        case "stub": try await workshop.install(CudaWorkshop.driver(12040, version: "*version = 12040; return 34"))
        default: try await workshop.install(CudaWorkshop.driver(0))
        }
        let answer = try await workshop.detect()
        #expect(answer.driver == nil && !answer.isBroken)
        let words = [
            "text": "could not be loaded: ", "symbols": "has no function `cuDriverGetVersion`",
            "stub": "CUDA error 34 (the library is a stub", "old": "says version 0",
        ]
        #expect(answer.trouble?.contains("`\(workshop.libraries)/libcuda.so.1` ") == true)
        #expect(answer.trouble?.contains(words[kind] ?? "") == true, "\(answer)")
        // The library for those who look after GPUs knows it as well.
        try await workshop.install(CudaWorkshop.management, as: "libnvidia-ml.so.1")
        let second = try await workshop.detect()
        #expect(second.driver == CudaDriver(version: CudaVersion(major: 12, minor: 2), capability: "7.5"))
        #expect(second.trouble == answer.trouble)
    }

    @Test("that hangs is given up, and named", arguments: ["load", "version", "start"])
    func hanging(_ place: String) async throws {
        let workshop = try CudaWorkshop()
        let wait = "for (;;) pause()"
        var source = CudaWorkshop.driver(
            12040, version: place == "version" ? wait : "", start: place == "start" ? wait : "")
        if place == "load" { source += "\n__attribute__((constructor)) static void loaded(void) { \(wait); }\n" }
        try await workshop.install(source)
        let answer = try await workshop.detect(milliseconds: 6000)
        #expect(answer.isBroken)
        #expect(answer.trouble == "`\(workshop.libraries)/libcuda.so.1` did not answer within 6.0 s")
        // What it said before it hung stays said.
        #expect(answer.driver?.version.description == (place == "start" ? "12.4" : nil))
    }

    @Test("that crashes ends nobody else, and is named", arguments: ["version", "start"])
    func crashing(_ place: String) async throws {
        let workshop = try CudaWorkshop()
        let crash = "raise(SIGSEGV)"
        try await workshop.install(
            CudaWorkshop.driver(12040, version: place == "version" ? crash : "", start: place == "start" ? crash : ""))
        let answer = try await workshop.detect()
        #expect(answer.isBroken)
        #expect(answer.trouble == "`\(workshop.libraries)/libcuda.so.1` crashed with signal \(SIGSEGV)")
        #expect(answer.driver?.version.description == (place == "start" ? "12.4" : nil))
    }

    @Test("may print what it likes, and ends with its process")
    func noise() async throws {
        let workshop = try CudaWorkshop()
        let noise = "printf(\"{\\\"number\\\":11000}\\n\"); fflush(stdout)"
        try await workshop.install(
            CudaWorkshop.driver(12040, version: noise, start: noise)
                + "\n__attribute__((destructor)) static void ends(void) { \(noise); for (;;) pause(); }\n")
        #expect(try await workshop.detect().driver?.version.description == "12.4")
    }

    @Test("is loaded into no process but the one that asks it")
    func apart() async throws {
        let workshop = try CudaWorkshop()
        let mark = workshop.directory.path / "loaded"
        try await workshop.install(
            CudaWorkshop.driver(12040)
                + """

                __attribute__((constructor)) static void loaded(void) {
                    FILE *file = fopen("\(mark)", "a");
                    fprintf(file, "%d\\n", getpid());
                    fclose(file);
                }
                """)
        #expect(try await workshop.detect().driver != nil)
        let processes = String(decoding: try FileSystem.read(mark), as: UTF8.self).split(separator: "\n")
        #expect(processes.count == 1)
        #expect(processes.first.flatMap { Int32($0) } != getpid())
    }

    @Test("whose asking program is missing is not known, with a word")
    func noProgram() async throws {
        let workshop = try CudaWorkshop()
        let answer = await CudaDriver.detect(
            by: "/nowhere/envd", libraries: workshop.places, context: workshop.context())
        #expect(answer.driver == nil)
        #expect(answer.trouble == "the program that asks it could not be started: no such file or directory")
    }
}

@Suite("What NVIDIA's driver said")
struct CudaDriverMemoryTests {
    @Test("is kept until the driver changes: its library, or the kernel's module")
    func kept() async throws {
        let workshop = try CudaWorkshop()
        let memory = CudaDriverMemory(
            program: try CudaWorkshop.program, libraries: workshop.places, milliseconds: 30_000)
        func ask() async -> String? { await memory.answer(workshop.context()).driver?.version.description }
        #expect(await ask() == nil)
        #expect(await ask() == nil)
        #expect(workshop.runs == 1)
        try await workshop.install(CudaWorkshop.driver(12040))
        #expect(await ask() == "12.4")
        #expect(await ask() == "12.4")
        #expect(workshop.runs == 2)
        try await workshop.install(CudaWorkshop.driver(13000))
        #expect(await ask() == "13.0")
        #expect(workshop.runs == 3)
        try workshop.directory.write("root/proc/driver/nvidia/version", "NVRM version: 580.65.06\n")
        #expect(await ask() == "13.0")
        #expect(workshop.runs == 4)
        try workshop.directory.write("root/proc/driver/nvidia/version", "NVRM version: 580.65.07\n")
        #expect(await ask() == "13.0")
        #expect(await ask() == "13.0")
        #expect(workshop.runs == 5)
    }

    @Test("is kept for a driver that hangs, too: nobody waits for it twice")
    func hanging() async throws {
        let workshop = try CudaWorkshop()
        try await workshop.install(CudaWorkshop.driver(12040, version: "for (;;) pause()"))
        let memory = CudaDriverMemory(program: try CudaWorkshop.program, libraries: workshop.places, milliseconds: 1000)
        let first = await memory.answer(workshop.context())
        #expect(first.isBroken)
        #expect(await memory.answer(workshop.context()) == first)
        #expect(workshop.runs == 1)
    }

    @Test("is asked once by many at a time")
    func together() async throws {
        let workshop = try CudaWorkshop()
        try await workshop.install(CudaWorkshop.driver(12040))
        let memory = CudaDriverMemory(
            program: try CudaWorkshop.program, libraries: workshop.places, milliseconds: 30_000)
        let answers = await withTaskGroup(of: CudaDriver.Answer.self) { group in
            for _ in 0..<8 { group.addTask { await memory.answer(workshop.context()) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count == 8 && answers.allSatisfy { $0.driver?.version.description == "12.4" })
        #expect(workshop.runs == 1)
    }

    @Test("is not asked for where the user says what to assume", arguments: ["12.1", ""])
    func override(_ value: String) async throws {
        let workshop = try CudaWorkshop()
        try await workshop.install(CudaWorkshop.driver(12040))
        let memory = CudaDriverMemory(program: try CudaWorkshop.program, libraries: workshop.places)
        #expect(await memory.answer(workshop.context(["CONDA_OVERRIDE_CUDA": ByteString(value)])) == .none)
        #expect(workshop.runs == 0)
    }

    @Test("is learnt by the next who asks where the first was cancelled")
    func cancelled() async throws {
        let workshop = try CudaWorkshop()
        try FileSystem.makeFifo(workshop.directory.path / "gate")
        try await workshop.install(
            CudaWorkshop.driver(
                12040, version: "FILE *gate = fopen(\"\(workshop.directory.path)/gate\", \"r\"); fgetc(gate)"))
        let memory = CudaDriverMemory(
            program: try CudaWorkshop.program, libraries: workshop.places, milliseconds: 60_000)
        let first = Task { await memory.answer(workshop.context()) }
        // Opens as soon as the library reads: it is being asked.
        let fifo = workshop.directory.path / "gate"
        let asked = await Task.detached { FileSystem.withCPath(fifo) { open($0, O_WRONLY | O_CLOEXEC) } }.value
        let kept = FileSystem.withCPath(fifo) { open($0, O_RDWR | O_CLOEXEC) }
        defer { [asked, kept].forEach { close($0) } }
        first.cancel()
        #expect(await first.value.driver == nil)
        #expect(write(kept, "x", 1) == 1)
        #expect(await memory.answer(workshop.context()).driver?.version.description == "12.4")
        #expect(workshop.runs == 2)
    }

    @Test("a GPU is seen without a driver", arguments: [("0x10de", "0x030000", true), ("0x1002", "0x030000", false)])
    func device(_ vendor: String, _ kind: String, _ expected: Bool) async throws {
        let workshop = try CudaWorkshop()
        #expect(!workshop.places.hasDevice)
        try workshop.directory.write("root/sys/bus/pci/devices/0000:01:00.0/vendor", vendor + "\n")
        try workshop.directory.write("root/sys/bus/pci/devices/0000:01:00.0/class", kind + "\n")
        #expect(workshop.places.hasDevice == expected)
        // A sound card of NVIDIA's is no GPU.
        try workshop.directory.write("root/sys/bus/pci/devices/0000:01:00.0/class", "0x040300\n")
        #expect(!workshop.places.hasDevice)
    }
}

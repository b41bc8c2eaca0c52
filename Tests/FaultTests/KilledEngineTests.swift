import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Glibc
import Testing

@Suite("An engine that is killed", .timeLimit(.minutes(20)))
struct KilledEngineTests {
    @Test("in any of its parts leaves the old environment, says so, and the next build goes well")
    func inEachPart() throws {
        let home = try Home()
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        let uv = try Programs.uv()
        let aim = home.path / "aim"
        let wrapper = """
            #!/bin/sh
            case " $* " in " $(cat '\(aim)' 2>/dev/null || echo none) "*) kill -9 $$ ;; esac
            exec '\(uv)' "$@"

            """
        try FileSystem.remove(home.path / "tools/uv")
        try FileSystem.replace(home.path / "tools/uv", with: Array(wrapper.utf8), mode: 0o755)
        for (index, part) in ["pip compile", "venv", "pip sync"].enumerated() {
            let old = try #require(try home.settledGeneration(root))
            let module = index.isMultiple(of: 2) ? "six" : "idna"
            try home.write(aim, part)
            try home.write(root / "requirements.txt", "\(module)\n\(module) != 0.0.\(index)\n")
            try home.envd("wait", in: root).expect(1)
            let status = try home.status(root)
            #expect(status.state == "failed" && status.current?.number == old, "\(part): \(status)")
            #expect(status.failure?.message.contains("signal 9") == true, "\(part): \(status)")
            try home.expectNothingLeft(of: root, note: part)
            try FileSystem.remove(aim)
            try home.envd("build", in: root).expect(0)
            #expect(try home.expectWhole(root, imports: module, note: part) > old)
        }
    }

    @Test("with its supervisor, itself or what it started: each leaves the old environment and no process")
    func eachProcess() throws {
        let home = try Home()
        let project = try GatedProject(home)
        try home.envd("allow", in: project.root).expect(0)
        #expect(try home.expectWhole(project.root, imports: "gated_module") == 1)
        let daemon = try #require(home.daemonProcess)
        for depth in 0..<3 {
            try project.closeGate()
            try project.save(dependencies: "\"idna != 0.0.\(depth)\"")
            try project.waitForArrival()
            // envd-child, the engine, the project's build backend.
            let chain = ProcessTree.descendants(of: daemon).map(\.identifier)
            #expect(chain.count >= 3)
            #expect(kill(depth < 2 ? chain[depth] : try #require(chain.last), SIGKILL) == 0)
            #expect(home.envd("wait", in: project.root).status == 1)
            #expect(try home.status(project.root).state == "failed", "depth \(depth)")
            try home.expectNothingLeft(of: project.root, note: "depth \(depth)")
            try project.openGate()
            try home.envd("build", in: project.root).expect(0)
            try home.expectWhole(project.root, imports: "gated_module", note: "depth \(depth)")
        }
        #expect(home.daemonProcess == daemon)
    }
}

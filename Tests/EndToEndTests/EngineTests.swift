import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("A machine without uv")
struct EngineTests {
    @Test("envd installs its own uv below its data directory, and says so")
    func ownUv() throws {
        let home = try Home(uv: false)
        #expect(try home.envd("engines").expect(0).output.contains("uv  missing"))
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        let listed = try home.envd("engines").expect(0).output
        #expect(listed.split(separator: "\n").contains { $0.hasPrefix("uv ") && $0.contains("\(home.data)/engines/") })
        #expect(try home.status(root).current?.engine.hasPrefix("uv ") == true)
        #expect(try home.version("idna", in: root) != nil)
    }

    @Test("where uv cannot be had, pip and venv do the job from local wheels, and status names pip")
    func pip() throws {
        let home = try Home(uv: false)
        let wheels = home.path / "wheels"
        try home.run(
            "/usr/bin/python3",
            ["-m", "pip", "download", "--quiet", "--no-deps", "--dest", wheels.description, "idna"]
        ).expect(0)
        home.variables["PIP_NO_INDEX"] = "1"
        home.variables["PIP_FIND_LINKS"] = wheels.bytes
        let root = try home.ready(files: ["requirements.txt": "idna\n"])
        #expect(try home.version("idna", in: root) != nil)
        #expect(try home.status(root).current?.engine.hasPrefix("pip ") == true)
        #expect(try home.envd("status", in: root).expect(0).output.contains("by pip "))
        try home.write(root / "requirements.txt", "idna\nenvd-no-such-package-a8f31c\n")
        try home.envd("wait", in: root).expect(1)
        let failure = try #require(try home.status(root).failure)
        #expect(failure.message.contains("envd-no-such-package-a8f31c"))
        #expect(failure.location?.line == 2)
    }
}

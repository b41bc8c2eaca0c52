package import EnvdCore
internal import EnvdSystem
internal import Glibc

/// A project whose own build backend waits at a gate, so that a test decides how long a build takes.
///
/// The backend lies in the project (PEP 517's `backend-path`) and needs nothing: what installs it is the real engine.
package final class GatedProject {
    package let home: Home
    package let root: Path
    private var gate: Int32 = -1

    /// - Parameter dependencies: beside the project itself.
    package init(_ home: Home, _ name: String = "p", dependencies: String = "") throws {
        self.home = home
        root = try home.project(
            name,
            files: ["pyproject.toml": Self.manifest(dependencies), "backend.py": Self.backend, "gated_module.py": ""])
    }

    deinit { if gate >= 0 { close(gate) } }

    /// Replaces the manifest's dependencies, as an editor that saves by rename does.
    package func save(dependencies: String) throws {
        try home.write(root / "pyproject.toml", Self.manifest(dependencies))
    }

    /// From now on builds wait, until `openGate`.
    package func closeGate() throws {
        try? FileSystem.remove(root / "arrived")
        try FileSystem.makeFifo(root / "gate")
        gate = FileSystem.withCPath(root / "gate") { open($0, O_RDWR | O_CLOEXEC) }
        guard gate >= 0 else { throw SystemError("open the gate", root) }
    }

    /// Waits until a build stands at the gate.
    package func waitForArrival() throws {
        try FileEvents.wait(in: root, for: "build at the gate", within: 240) { FileSystem.exists(root / "arrived") }
    }

    /// Waits until the process that stood at the gate, and whatever it started, is gone.
    package func waitForBuildsEnd() throws { try home.waitForLock(root / "building.lock") }

    /// Lets through who waits there and who comes later.
    package func openGate() throws {
        try FileSystem.remove(root / "gate")
        guard Glibc.write(gate, [UInt8](repeating: 1, count: 64), 64) == 64 else {
            throw SystemError("open the gate", root)
        }
    }

    /// How often the backend was asked to build.
    package var builds: Int { ((try? FileSystem.read(root / "calls")) ?? []).count { $0 == UInt8(ascii: "\n") } }

    private static func manifest(_ dependencies: String) -> String {
        """
        [project]
        name = "gated"
        version = "1"
        requires-python = ">=3.9"
        dependencies = [\(dependencies)]

        [build-system]
        requires = []
        build-backend = "backend"
        backend-path = ["."]

        """
    }

    private static let backend = """
        import fcntl, os, zipfile

        def wait_at_the_gate():
            lock = open("building.lock", "w")
            fcntl.flock(lock, fcntl.LOCK_EX)
            with open("calls", "a") as calls:
                calls.write(f"{os.getpid()}\\n")
            if os.path.exists("gate"):
                gate = os.open("gate", os.O_RDONLY)
                open("arrived", "w").close()
                os.read(gate, 1)
            return lock

        def build_editable(directory, config_settings=None, metadata_directory=None):
            lock = wait_at_the_gate()
            name = "gated-1-py3-none-any.whl"
            info = "gated-1.dist-info"
            with zipfile.ZipFile(os.path.join(directory, name), "w") as wheel:
                wheel.writestr("gated.pth", os.getcwd() + "\\n")
                wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\\nName: gated\\nVersion: 1\\n")
                wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
                wheel.writestr(f"{info}/RECORD", f"gated.pth,,\\n{info}/METADATA,,\\n{info}/WHEEL,,\\n{info}/RECORD,,\\n")
            lock.close()
            return name

        """
}

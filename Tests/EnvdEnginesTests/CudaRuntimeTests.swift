import EnvdCore
import EnvdEngines
import EnvdSystem
import EnvdTestSupport
import Testing

@Suite("CUDA runtimes")
struct CudaRuntimeTests {
    /// A prefix with these entries in conda-meta and site-packages.
    private func prefix(conda: [String] = [], wheels: [String] = [], torch: String? = nil) throws -> TemporaryDirectory
    {
        let directory = try TemporaryDirectory("runtime")
        let packages = "lib/python3.12/site-packages"
        for name in conda { try directory.write("conda-meta/\(name).json", "{}") }
        for name in wheels { try directory.write("\(packages)/\(name).dist-info/METADATA", "") }
        if let torch { try directory.write("\(packages)/torch/version.py", torch) }
        return directory
    }

    private func found(in directory: TemporaryDirectory) -> [String] {
        CudaRuntime.find(in: directory.path).map { "\($0.source) \($0.package) \($0.packageVersion) \($0.version)" }
    }

    @Test("conda's are found by conda-meta")
    func conda() throws {
        let directory = try prefix(conda: [
            "cuda-version-12.4-h3060b56_3", "cuda-cudart-12.4.127-he02047a_2",
            "cuda-cudart_linux-64-12.4.127-h85509e4_2",
            "numpy-2.1.0-py312h1103770_0", "cudatoolkit-11.8.0-h4ba93d1_13", "history",
        ])
        #expect(
            found(in: directory) == [
                "conda cuda-cudart 12.4.127 12.4", "conda cuda-version 12.4 12.4", "conda cudatoolkit 11.8.0 11.8",
            ])
    }

    @Test("wheels are found by their names and versions")
    func wheels() throws {
        let directory = try prefix(wheels: [
            "nvidia_cuda_runtime_cu12-12.1.105", "nvidia_cuda_runtime_cu117-11.7.99", "nvidia_cuda_runtime-13.0.48",
            "nvidia_cudnn_cu12-8.9.2.26", "cupy_cuda12x-13.3.0", "cupy_cuda118-9.6.0", "numpy-2.1.0",
            "nvidia_cuda_runtime_cu99-0.0.1",
        ])
        #expect(
            found(in: directory) == [
                "wheel cupy-cuda118 9.6.0 11.8", "wheel cupy-cuda12x 13.3.0 12",
                "wheel nvidia-cuda-runtime 13.0.48 13.0", "wheel nvidia-cuda-runtime-cu117 11.7.99 11.7",
                "wheel nvidia-cuda-runtime-cu12 12.1.105 12.1",
            ])
    }

    @Test("a real wheel of NVIDIA's is found")
    func real() async throws {
        let workshop = try await Workshop()
        try workshop.write("requirements.txt", "nvidia-cuda-runtime-cu12==12.1.105\n")
        let layer = PythonLayer.requirements(["nvidia-cuda-runtime-cu12==12.1.105"])
        let prefix = try await workshop.install(try await workshop.resolve(layer), layer, as: 1)
        #expect(
            CudaRuntime.find(in: prefix) == [
                CudaRuntime(
                    version: CudaVersion(major: 12, minor: 1), package: "nvidia-cuda-runtime-cu12",
                    packageVersion: "12.1.105", source: .wheel)
            ])
    }

    @Test(
        "torch says what it was built for",
        arguments: [
            ("torch-2.5.1", "__version__ = '2.5.1'\ncuda: Optional[str] = '12.4'\nhip: Optional[str] = None\n", "12.4"),
            ("torch-1.13.1", "__version__ = '1.13.1+cu117'\ncuda = '11.7'\n", "11.7"),
            ("torch-2.8.0", "cuda_extra = '9.9'\ncuda: str | None = \"12.8\"\n", "12.8"),
            ("torch-2.5.1", "cuda: Optional[str] = None\n", nil),
            ("torch-2.5.1+cpu", nil, nil),
            ("torch-2.3.0+cu121", nil, "12.1"),
            ("torch-2.9.0+cu130", nil, "13.0"),
        ] as [(String, String?, String?)])
    func torch(_ distribution: String, _ text: String?, _ expected: String?) throws {
        let directory = try prefix(wheels: [distribution], torch: text)
        let runtimes = CudaRuntime.find(in: directory.path)
        #expect(runtimes.map(\.version.description) == (expected.map { [$0] } ?? []))
        #expect(runtimes.allSatisfy { $0.package == "torch" && "torch-\($0.packageVersion)" == distribution })
    }

    @Test("an environment without any has none")
    func none() throws {
        #expect(CudaRuntime.find(in: "/nowhere").isEmpty)
        #expect(found(in: try prefix(conda: ["python-3.12.5-0"], wheels: ["idna-3.10"])).isEmpty)
    }

    @Test(
        "fit a driver that is as new, and one of the same major version with limits",
        arguments: [
            ("12.4", "12.4", .fits), ("12.1", "12.4", .fits), ("11.8", "13.0", .fits), ("12", "12.0", .fits),
            ("12.8", "12.4", .fitsWithLimits), ("11.8", "11.0", .fitsWithLimits), ("13.0", "12.9", .tooNew),
            ("12", "11.8", .tooNew), ("10.2", "10.1", .tooNew), ("12.1", nil, .noDriver),
        ] as [(String, String?, CudaFit)])
    func fit(_ runtime: String, _ driver: String?, _ expected: CudaFit) throws {
        let driver = driver.flatMap { CudaVersion($0) }
        #expect(CudaFit(try #require(CudaVersion(runtime)), driver: driver) == expected)
    }

    @Test("only versions are versions", arguments: ["", "12.", ".4", "x", "12.x", "-1.2", "1234567.0", "12 .4"])
    func version(_ text: String) { #expect(CudaVersion(text) == nil) }
}

internal import EnvdClient
internal import EnvdCore
internal import EnvdEngines
internal import EnvdLoop
internal import EnvdProtocol
internal import EnvdStore
internal import EnvdSystem
internal import Synchronization

/// The driver, the runtimes of an environment, and whether they fit.
struct DoctorCuda {
    private let answer: CudaDriver.Answer
    private let runtimes: [CudaRuntime]
    /// The value of CONDA_OVERRIDE_CUDA.
    private let override: String?
    private let hasDevice: Bool
    private let hasEnvironment: Bool

    /// Asks the driver, in a process of its own.
    ///
    /// - Parameter prefix: nil where there is no environment.
    init(prefix: Path?, paths: StorePaths) {
        let libraries = CudaLibraries()
        hasDevice = libraries.hasDevice
        hasEnvironment = prefix != nil
        runtimes = prefix.map { CudaRuntime.find(in: $0) } ?? []
        override = ProcessEnvironment.value(.cudaOverride).map { value in
            String(value.description.filter { !$0.isWhitespace })
        }
        if let override {
            answer = CudaDriver.Answer(driver: CudaVersion(override).map { CudaDriver(version: $0) })
        } else {
            answer = Self.ask(libraries, paths)
        }
    }

    private final class Box: Sendable {
        let answer = Mutex(CudaDriver.Answer.none)
    }

    private static func ask(_ libraries: CudaLibraries, _ paths: StorePaths) -> CudaDriver.Answer {
        var variables = ProcessEnvironment.all()
        // An environment may hold a driver's library for other machines, or a library that this program trips over.
        let path = variables["LD_LIBRARY_PATH"]?.split(separator: UInt8(ascii: ":")) ?? []
        let kept = path.filter { Path($0).isAbsolute && !Path($0).isWithin(paths.data) }
        variables["LD_LIBRARY_PATH"] =
            kept.isEmpty ? nil : ByteString(kept.map(\.bytes).joined(separator: [UInt8(ascii: ":")]))
        let context = EngineContext(
            userEnvironment: variables, home: paths.home, cache: paths.cache, temporary: paths.temporary,
            engines: paths.engines, runner: ChildRunner(child: DaemonStarter.neighbour("envd-child")), log: { _ in })
        let box = Box()
        _ = EventLoop.run {
            let answer = await CudaDriver.detect(
                by: DaemonStarter.neighbour("envd"), libraries: libraries, context: context)
            box.answer.withLock { $0 = answer }
            return 0
        }
        return box.answer.withLock { $0 }
    }

    private func fit(_ runtime: CudaRuntime) -> CudaFit { CudaFit(runtime.version, driver: answer.driver?.version) }

    var report: DoctorReport.Cuda {
        DoctorReport.Cuda(
            driver: answer.driver?.version.description, capability: answer.driver?.capability, trouble: answer.trouble,
            isOverridden: override != nil,
            runtimes: runtimes.map {
                DoctorReport.Cuda.Runtime(
                    version: $0.version.description, package: $0.package, packageVersion: $0.packageVersion,
                    source: $0.source, fit: fit($0))
            })
    }

    var findings: [DoctorReport.Finding] {
        guard hasEnvironment, runtimes.isEmpty else { return [driverFinding] + runtimes.map(finding) }
        return [driverFinding, .init(.ok, "runtime", "the environment brings none of CUDA's")]
    }

    private var driverFinding: DoctorReport.Finding {
        if let override { return overrideFinding(override) }
        let look = "`nvidia-smi` and `dmesg` may say more"
        // Where there is no GPU, what its libraries lack is nothing that could be mended.
        let gravity: DoctorReport.Finding.Kind = answer.isBroken || hasDevice ? .problem : .note
        guard let driver = answer.driver else {
            if let trouble = answer.trouble {
                return .init(gravity, "driver", "none can be used: \(trouble)", hint: look)
            }
            if hasDevice {
                return .init(
                    runtimes.isEmpty ? .note : .problem, "driver",
                    "none, though there is a GPU of NVIDIA's: programs run on the CPU only",
                    hint: "install NVIDIA's driver; a container has to be started with its GPUs (`--gpus all`)")
            }
            return .init(.ok, "driver", "none of NVIDIA's: programs run on the CPU only")
        }
        let words = "CUDA \(driver.version)" + (driver.capability.map { ", compute capability \($0)" } ?? "")
        guard let trouble = answer.trouble else { return .init(.ok, "driver", words) }
        let isMismatch = trouble.contains("different versions")
        return .init(
            gravity, "driver", "\(words), but \(trouble)",
            hint: isMismatch ? "the driver was updated: restart the machine" : look)
    }

    private func overrideFinding(_ override: String) -> DoctorReport.Finding {
        if override.isEmpty { return .init(.note, "driver", "none, for CONDA_OVERRIDE_CUDA is empty") }
        guard let driver = answer.driver else {
            return .init(
                .problem, "driver", "CONDA_OVERRIDE_CUDA is no version: `\(override)`",
                hint: "unset it, or set it to one like 12.4")
        }
        return .init(.note, "driver", "CUDA \(driver.version), for CONDA_OVERRIDE_CUDA says so; none was asked")
    }

    private func finding(_ runtime: CudaRuntime) -> DoctorReport.Finding {
        let (version, package) = (runtime.version, "`\(runtime.package)` \(runtime.packageVersion)")
        let brings = "\(package) is for CUDA \(version)"
        guard let driver = answer.driver?.version else {
            return .init(.note, "runtime", "\(brings), and no driver is there: it runs on the CPU only, or not at all")
        }
        switch CudaFit(version, driver: driver) {
        case .noDriver, .fits: return .init(.ok, "runtime", "\(brings), which the driver's \(driver) serves")
        case .fitsWithLimits:
            return .init(
                .note, "runtime",
                "\(brings), newer than the driver's \(driver): works, but for PTX that the driver has to compile and "
                    + "for what is new since \(driver)",
                hint: "a driver for CUDA \(version) lifts the limits")
        case .tooNew:
            let oldest = CudaFit.oldestDriver(for: version).map { " (branch \($0) or newer)" } ?? ""
            let other =
                runtime.source == .conda
                ? "`cuda-version<=\(driver)` in environment.yml" : "packages for CUDA \(driver) or older"
            return .init(
                .problem, "runtime", "\(brings), which the driver's \(driver) does not serve",
                hint: "install a driver for CUDA \(version.major)\(oldest), or ask for \(other)")
        }
    }
}

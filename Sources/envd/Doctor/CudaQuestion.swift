internal import EnvdEngines
internal import Glibc

/// Asks NVIDIA's driver what it can do, in this process: its library may hang it or end it.
///
/// Sources: NVIDIA's "CUDA Driver API" (Version Management, Device Management) and "NVML API Reference Guide"; which
/// library first, and where: `virtual_packages/cuda.py` of conda and rattler's `cuda.rs`.
struct CudaQuestion {
    /// Called with all that is known so far, before each call that may be the last.
    let tell: (CudaDriverProgress) -> Void
    private var progress = CudaDriverProgress()
    private var troubles: [String] = []

    init(tell: @escaping (CudaDriverProgress) -> Void) { self.tell = tell }

    /// Tries each library until one says a version.
    ///
    /// - Parameter places: for each library, the names to load it by.
    mutating func ask(_ places: (_ library: String) -> [String]) {
        for library in CudaLibraries.names {
            for name in places(library) where ask(library, at: name) { return finish() }
        }
        finish()
    }

    private mutating func finish() {
        progress.trouble = troubles.isEmpty ? nil : troubles.joined(separator: "; ")
        tell(progress)
    }

    private mutating func ask(_ library: String, at name: String) -> Bool {
        progress.library = name
        tell(progress)
        do throws(DynamicLibrary.Failure) {
            let loaded = try DynamicLibrary(name)
            return library == CudaLibraries.names.first ? askDriver(loaded, name) : askManagement(loaded, name)
        } catch {
            if case .unusable(let words) = error { troubles.append("`\(name)` could not be loaded: \(words)") }
            return false
        }
    }

    private typealias Number = UnsafeMutablePointer<Int32>
    /// CUDA's and NVML's success.
    private static let success: Int32 = 0

    // MARK: libcuda.so.1

    private mutating func askDriver(_ library: DynamicLibrary, _ name: String) -> Bool {
        guard
            let version = library.function("cuDriverGetVersion", as: (@convention(c) (Number) -> Int32).self)
        else {
            troubles.append("`\(name)` has no function `cuDriverGetVersion`")
            return false
        }
        var number: Int32 = 0
        let status = version(&number)
        guard status == Self.success, CudaVersion(number: Int(number)) != nil else {
            let cause = status == Self.success ? "version \(number)" : Self.driverError(status)
            troubles.append("`\(name)` says \(cause) for its version")
            return false
        }
        progress.number = Int(number)
        tell(progress)
        askDevices(library)
        return true
    }

    private mutating func askDevices(_ library: DynamicLibrary) {
        guard let start = library.function("cuInit", as: (@convention(c) (UInt32) -> Int32).self),
            let count = library.function("cuDeviceGetCount", as: (@convention(c) (Number) -> Int32).self),
            let device = library.function("cuDeviceGet", as: (@convention(c) (Number, Int32) -> Int32).self),
            let attribute = library.function(
                "cuDeviceGetAttribute", as: (@convention(c) (Number, Int32, Int32) -> Int32).self)
        else { return }
        let status = start(0)
        var devices: Int32 = 0
        guard status == Self.success, count(&devices) == Self.success else {
            troubles.append("no GPU answers: \(Self.driverError(status))")
            return
        }
        var capabilities: [(Int32, Int32)] = []
        for ordinal in 0..<max(0, devices) {
            var (handle, major, minor): (Int32, Int32, Int32) = (0, 0, 0)
            // CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR and …_MINOR
            guard device(&handle, ordinal) == Self.success, attribute(&major, 75, handle) == Self.success,
                attribute(&minor, 76, handle) == Self.success
            else { continue }
            capabilities.append((major, minor))
        }
        progress.capability = capabilities.min(by: <).map { "\($0.0).\($0.1)" }
    }

    /// What `cuda.h` calls some errors that people meet.
    private static func driverError(_ code: Int32) -> String {
        let words: [Int32: String] = [
            34: "the library is a stub of a toolkit, not a driver's", 100: "no device that it can use",
            802: "the system is not ready yet, the fabric manager may be missing",
            803: "the kernel's module and the library are of different versions",
            804: "the library is newer than the GPU's driver allows", 999: "unknown",
        ]
        return "CUDA error \(code)" + (words[code].map { " (\($0))" } ?? "")
    }

    // MARK: libnvidia-ml.so.1

    private mutating func askManagement(_ library: DynamicLibrary, _ name: String) -> Bool {
        guard let start = library.function("nvmlInit_v2", "nvmlInit", as: (@convention(c) () -> Int32).self),
            let version = library.function(
                "nvmlSystemGetCudaDriverVersion_v2", "nvmlSystemGetCudaDriverVersion",
                as: (@convention(c) (Number) -> Int32).self)
        else {
            troubles.append("`\(name)` cannot be asked for a version")
            return false
        }
        let started = start()
        var number: Int32 = 0
        guard started == Self.success, version(&number) == Self.success, CudaVersion(number: Int(number)) != nil else {
            troubles.append("`\(name)` says \(Self.managementError(started)) for the driver's version")
            return false
        }
        progress.number = Int(number)
        tell(progress)
        askManagedDevices(library)
        return true
    }

    private mutating func askManagedDevices(_ library: DynamicLibrary) {
        typealias Handle = UnsafeMutableRawPointer
        guard
            let count = library.function(
                "nvmlDeviceGetCount_v2", as: (@convention(c) (UnsafeMutablePointer<UInt32>) -> Int32).self),
            let device = library.function(
                "nvmlDeviceGetHandleByIndex_v2",
                as: (@convention(c) (UInt32, UnsafeMutablePointer<Handle?>) -> Int32).self),
            let capability = library.function(
                "nvmlDeviceGetCudaComputeCapability", as: (@convention(c) (Handle?, Number, Number) -> Int32).self)
        else { return }
        var devices: UInt32 = 0
        guard count(&devices) == Self.success else { return }
        var capabilities: [(Int32, Int32)] = []
        for index in 0..<devices {
            var handle: Handle?
            var (major, minor): (Int32, Int32) = (0, 0)
            guard device(index, &handle) == Self.success, capability(handle, &major, &minor) == Self.success else {
                continue
            }
            capabilities.append((major, minor))
        }
        progress.capability = capabilities.min(by: <).map { "\($0.0).\($0.1)" }
    }

    private static func managementError(_ code: Int32) -> String {
        let words: [Int32: String] = [
            9: "no driver is loaded", 18: "the kernel's module and the library are of different versions",
        ]
        return code == success ? "nothing" : "NVML error \(code)" + (words[code].map { " (\($0))" } ?? "")
    }
}

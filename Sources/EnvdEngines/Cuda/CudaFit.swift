/// Whether a runtime works with a driver.
///
/// Source: NVIDIA's "CUDA Compatibility": a driver serves every runtime up to its own version, and from CUDA 11 on newer
/// ones of the same major version, but for features that need the newer driver and for PTX that it has to compile.
package enum CudaFit: String, Hashable, Sendable, Codable {
    case fits
    /// By minor version compatibility.
    case fitsWithLimits = "fits with limits"
    case tooNew = "needs a newer driver"
    case noDriver = "no driver"

    package init(_ runtime: CudaVersion, driver: CudaVersion?) {
        guard let driver else {
            self = .noDriver
            return
        }
        if runtime <= driver {
            self = .fits
        } else if runtime.major == driver.major, runtime.major >= 11 {
            self = .fitsWithLimits
        } else {
            self = .tooNew
        }
    }

    /// The branch of NVIDIA's drivers for Linux that first served a major version of CUDA; nil where it is not known
    /// here.
    package static func oldestDriver(for runtime: CudaVersion) -> Int? { [11: 450, 12: 525, 13: 580][runtime.major] }
}

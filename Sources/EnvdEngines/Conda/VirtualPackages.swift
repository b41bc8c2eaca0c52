package import EnvdCore
internal import EnvdSystem
internal import Glibc

/// What the machine has, in conda's terms: packages that nobody installs and others may depend on.
///
/// Source: conda's "Managing virtual packages". The text belongs in a generation's key.
package struct VirtualPackages: Hashable, Sendable, Codable {
    package struct Package: Hashable, Sendable, Codable {
        /// `__glibc`.
        package var name: String
        package var version: String
        package var build: String
    }

    /// By name.
    package private(set) var packages: [Package]

    /// - Parameters:
    ///   - kernel: as uname(2) has it; what follows the numbers is dropped.
    ///   - glibc: nil on a machine with another C library.
    ///   - microarchitecture: archspec's name for the processor.
    ///   - cuda: what the driver can do, `12.4`; nil where there is none.
    ///   - cudaArchitecture: the lowest compute capability among the GPUs, `8.6`; nil where it is not known.
    ///   - environment: the user's; `CONDA_OVERRIDE_LINUX`, `_GLIBC`, `_ARCHSPEC`, `_CUDA` and `_CUDA_ARCH` go
    ///     first, and an empty one takes the package away.
    package init(
        kernel: String, glibc: String?, microarchitecture: String?, cuda: String?, cudaArchitecture: String? = nil,
        environment: [ByteString: ByteString]
    ) {
        func given(_ name: ByteString, else detected: String?) -> String? {
            guard let override = environment["CONDA_OVERRIDE_" + name] else { return detected }
            let text = String(override.description.trimmed)
            return text.isEmpty ? nil : text
        }
        let numbers = kernel.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }.split(separator: ".").prefix(4)
        packages = [Package(name: "__unix", version: "0", build: "0")]
        if let version = given("LINUX", else: numbers.isEmpty ? "0" : numbers.joined(separator: ".")) {
            packages.append(Package(name: "__linux", version: version, build: "0"))
        }
        if let version = given("GLIBC", else: glibc) {
            packages.append(Package(name: "__glibc", version: version, build: "0"))
        }
        if let name = given("ARCHSPEC", else: microarchitecture) {
            packages.append(Package(name: "__archspec", version: "1", build: name))
        }
        if let version = given("CUDA", else: cuda) {
            packages.append(Package(name: "__cuda", version: version, build: "0"))
        }
        if let version = given("CUDA_ARCH", else: cudaArchitecture) {
            packages.append(Package(name: "__cuda_arch", version: version, build: "0"))
        }
        packages.sort { $0.name < $1.name }
    }

    /// `NAME=VERSION=BUILD` lines, always in the same order.
    package var text: String { packages.map { "\($0.name)=\($0.version)=\($0.build)\n" }.joined() }

    /// The kernel's release.
    package static var kernel: String {
        var names = utsname()
        guard uname(&names) == 0 else { return "" }
        return withUnsafeBytes(of: names.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// The version of the C library that this program runs on.
    ///
    /// Nil where that is not glibc.
    package static var glibc: String? {
        var buffer = [UInt8](repeating: 0, count: 64)
        let size = buffer.withUnsafeMutableBytes { bytes in
            confstr(Int32(_CS_GNU_LIBC_VERSION), bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        // `glibc 2.36`
        let words = String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self).split(separator: " ")
        return size > 0 && words.count == 2 ? String(words[1]) : nil
    }

    /// What decides whether an environment that was built before still fits the machine: of the kernel's release its
    /// first two numbers, and a digest in place of the processor's name, which takes an engine to find out.
    package static func lasting(
        cuda: String?, cudaArchitecture: String? = nil, environment: [ByteString: ByteString]
    ) -> [String] {
        let release = kernel.split(separator: ".").prefix(2).joined(separator: ".")
        let machine = VirtualPackages(
            kernel: release, glibc: glibc, microarchitecture: processor, cuda: cuda,
            cudaArchitecture: cudaArchitecture, environment: environment)
        return machine.packages.map { "\($0.name)=\($0.version)=\($0.build)" }
    }

    /// Of the first processor's name and features, as proc_cpuinfo(5) has them.
    private static let processor: String = {
        let text = (try? FileSystem.read("/proc/cpuinfo", prefix: 1 << 14)) ?? []
        let wanted = text.split(separator: UInt8(ascii: "\n")).filter { line in
            ["model name", "flags", "Features", "CPU part"].contains { line.starts(with: $0.utf8) }
        }
        var digest = CanonicalEncoding()
        var seen: Set<ArraySlice<UInt8>> = []
        for line in wanted where seen.insert(line.prefix { $0 != UInt8(ascii: ":") }).inserted {
            digest.append("s", line)
        }
        return String(Fingerprint(of: digest).hex.prefix(16))
    }()

    /// The name that conda has for this machine's packages.
    package static var platform: String {
        #if arch(arm64)
            "linux-aarch64"
        #else
            "linux-64"
        #endif
    }
}

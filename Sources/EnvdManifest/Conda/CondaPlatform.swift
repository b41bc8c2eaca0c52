/// The machines that channels have directories for.
package enum CondaPlatform {
    /// This machine, as conda calls it.
    package static let current: String = {
        #if arch(x86_64)
            "linux-64"
        #elseif arch(arm64)
            "linux-aarch64"
        #elseif arch(powerpc64le)
            "linux-ppc64le"
        #elseif arch(s390x)
            "linux-s390x"
        #elseif arch(riscv64)
            "linux-riscv64"
        #else
            "linux-32"
        #endif
    }()

    private static let known: Set<String> = [
        "noarch", "linux-32", "linux-64", "linux-aarch64", "linux-armv6l", "linux-armv7l", "linux-ppc64",
        "linux-ppc64le", "linux-riscv32", "linux-riscv64", "linux-s390x", "osx-64", "osx-arm64", "win-32", "win-64",
        "win-arm64", "emscripten-wasm32", "wasi-wasm32", "freebsd-64", "zos-z",
    ]

    static func isKnown(_ name: some StringProtocol) -> Bool { known.contains(String(name)) }

    /// Whether a selector holds here, as conda-lock and mamba have them (`# [linux]`, `sel(win)`); nil for one that
    /// they do not know.
    static func holds(_ selector: String) -> Bool? {
        let architecture = current.split(separator: "-").last.map(String.init) ?? ""
        switch selector {
        case "linux", "unix", "linux\(architecture)", current, "linux-\(architecture)": return true
        case "osx", "osx64", "arm64", "osx-64", "osx-arm64", "win", "win64", "win-64", "linux64", "linux-64",
            "linux-aarch64", "linux-ppc64le", "aarch64", "ppc64le":
            return selector == architecture
        default: return nil
        }
    }
}

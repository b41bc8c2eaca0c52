package import EnvdCore
internal import EnvdSystem

/// Where the driver's libraries are: what an answer of the driver depends on.
package struct CudaLibraries: Hashable, Sendable {
    /// The driver itself, and the library for those who look after GPUs: the first that answers is believed.
    package static let names = ["libcuda.so.1", "libnvidia-ml.so.1"]

    /// Where to look beside what the dynamic linker finds by itself.
    package var directories: [Path]
    /// Whether the linker is asked first.
    package var asksLinker: Bool
    /// Where the kernel tells of its devices and drivers; `/` but in tests.
    private let root: Path

    package init() {
        directories = Self.usual
        asksLinker = true
        root = .root
    }

    /// For tests: these directories alone, on a machine whose `/proc`, `/dev`, `/sys` and `/etc` lie below `root`.
    package init(only directories: [Path], root: Path) {
        self.directories = directories
        asksLinker = false
        self.root = root
    }

    /// What distributions and WSL use, whether the linker's cache knows it or not.
    private static let usual: [Path] = [
        "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib", "/usr/lib64/nvidia",
        "/usr/lib/x86_64-linux-gnu/nvidia/current", "/usr/lib/aarch64-linux-gnu/nvidia", "/usr/lib/wsl/lib",
        "/run/opengl-driver/lib", "/usr/local/nvidia/lib64",
    ]

    /// Changes when the driver does: its libraries, the linker's cache, the kernel's module, the GPUs.
    ///
    /// Costs some twenty calls of stat(2); nothing is loaded.
    ///
    /// - Parameter libraryPath: LD_LIBRARY_PATH, which the linker heeds first.
    func identity(libraryPath: ByteString?) -> ByteString {
        var text: ByteString = ""
        let own = libraryPath?.split(separator: UInt8(ascii: ":")).map { Path($0) }.filter(\.isAbsolute) ?? []
        for directory in own + directories {
            for name in Self.names { text = text + Self.stamp(directory / name) }
        }
        text = text + Self.stamp(place("/etc/ld.so.cache"))
        for device in ["/dev/nvidiactl", "/dev/nvidia-uvm", "/dev/dxg"] {
            text = text + (FileSystem.exists(place(device)) ? "+" : "-")
        }
        // The content of files in /proc says more than their times.
        if let module = try? FileSystem.read(place("/proc/driver/nvidia/version"), limit: 4096) {
            text = text + ByteString(module)
        }
        for card in (try? FileSystem.list(place("/proc/driver/nvidia/gpus"))) ?? [] { text = text + " " + card }
        return text
    }

    /// Whether the machine has a GPU of NVIDIA's, driver or not (PCI vendor 10de, classes 0300 and 0302).
    package var hasDevice: Bool {
        if FileSystem.exists(place("/proc/driver/nvidia/version")) { return true }
        let devices = place("/sys/bus/pci/devices")
        func word(_ file: Path) -> String {
            String(String(decoding: (try? FileSystem.read(file, limit: 4096)) ?? [], as: UTF8.self).trimmed)
        }
        return ((try? FileSystem.list(devices)) ?? []).contains { name in
            let device = devices.appending(Path(name))
            return word(device / "vendor") == "0x10de" && word(device / "class").hasPrefix("0x03")
        }
    }

    private func place(_ name: String) -> Path { Path(root.bytes + ByteString(name)) }

    private static func stamp(_ file: Path) -> ByteString {
        guard let status = try? FileSystem.status(file) else { return "-" }
        return ByteString(" \(status.device) \(status.inode) \(status.size) \(status.modified)")
    }
}

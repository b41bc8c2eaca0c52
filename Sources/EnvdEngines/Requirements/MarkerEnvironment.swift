package import EnvdCore
package import EnvdPackaging

extension MarkerEnvironment {
    /// What lock files are full of: the Python's version, the platform and the machine. Anything else is not
    /// judged here, and the engine does it.
    ///
    /// - Parameter extras: those that are wanted, where markers may ask for one.
    package init(
        interpreter: Interpreter, machine: String = MarkerEnvironment.machine, extras: Set<String>? = nil
    ) {
        let pieces = interpreter.version.split(separator: ".").prefix(2)
        let texts = [
            "python_version": pieces.joined(separator: "."), "python_full_version": interpreter.version,
            "implementation_version": interpreter.version, "sys_platform": "linux", "platform_system": "Linux",
            "os_name": "posix", "platform_machine": machine, "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
        ]
        self.init(texts, sets: extras.map { ["extra": $0] } ?? [:])
    }

    /// What `uname -m` says, which is what this program was made for.
    package static var machine: String {
        #if arch(arm64)
            "aarch64"
        #else
            "x86_64"
        #endif
    }
}

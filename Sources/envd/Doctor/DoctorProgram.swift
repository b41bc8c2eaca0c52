internal import EnvdCore
internal import EnvdSystem

/// The program that `envd doctor -- PROGRAM` names.
struct DoctorProgram {
    /// Where PATH leads; nil where it leads nowhere.
    let path: Path?
    private let name: ByteString

    /// - Parameters:
    ///   - name: as the user wrote it: a path where there is a slash in it.
    ///   - searchPath: PATH.
    init(_ name: ByteString, searchPath: ByteString) {
        self.name = name
        if name.bytes.contains(UInt8(ascii: "/")) {
            let path = WorkingDirectory.logical.appending(Path(name))
            self.path = FileSystem.isExecutable(path) ? path : nil
        } else {
            path = searchPath.split(separator: UInt8(ascii: ":")).map { Path($0).appending(Path(name)) }
                .first { FileSystem.isExecutable($0) }
        }
    }

    var findings: [DoctorReport.Finding] {
        guard let path else {
            return [.init(.problem, "program", "could not find `\(name)`: it is not on PATH, or cannot be executed")]
        }
        return [.init(.ok, "program", "\(path)")]
    }
}

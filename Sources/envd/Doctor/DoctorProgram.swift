internal import EnvdCore
internal import EnvdEngines
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

    /// - Parameter libraryPath: of the environment.
    func findings(libraryPath: [Path]) -> [DoctorReport.Finding] {
        guard let path else {
            return [.init(.problem, "program", "could not find `\(name)`: it is not on PATH, or cannot be executed")]
        }
        guard let cache = try? LinkerCache.current() else { return [.init(.ok, "program", "\(path)")] }
        let shadowed = LibraryShadowing.find(program: path, libraryPath: libraryPath, linkerCache: cache)
        guard !shadowed.isEmpty else {
            return [.init(.ok, "program", "\(path): finds the system's libraries first")]
        }
        return [.init(.note, "program", "\(path)")]
            + shadowed.map {
                .init(
                    .note, "shadowed", "\($0.soname): \($0.ours) stands before \($0.systems)",
                    hint: $0.ours.parent.parent.name == ".envd"
                        ? "if it does not start, name \($0.soname) in `exclude` of `ld_library_path`"
                        : "if it does not start, `ld_library_path = \"safe\"` offers nothing that the system has")
            }
    }
}

package import EnvdCore
internal import EnvdSystem

/// A package that is published as source alone: a real archive, whose build backend lies in it and needs nothing.
package struct SourceDistribution {
    package var name: String
    package var version: String
    package var dependencies: [String]
    /// Made by the code of the package, whenever it is asked for anything.
    package var canary: Path

    package init(_ name: String, _ version: String = "1.0", needs dependencies: [String] = [], canary: Path) {
        self.name = name
        self.version = version
        self.dependencies = dependencies
        self.canary = canary
    }

    /// Puts the archive into a directory, which pip and uv take as `--find-links`.
    package func publish(in links: Path) throws {
        let work = try TemporaryDirectory("sdist")
        let stem = "\(name)-\(version)"
        try work.write(
            "\(stem)/pyproject.toml",
            """
            [project]
            name = "\(name)"
            dynamic = ["version", "dependencies"]

            [build-system]
            requires = []
            build-backend = "backend"
            backend-path = ["."]

            """)
        let requires = dependencies.map { "Requires-Dist: \($0)\n" }.joined()
        // This says nothing for certain: the backend is asked.
        try work.write("\(stem)/PKG-INFO", "Metadata-Version: 2.1\nName: \(name)\nVersion: \(version)\n\(requires)")
        try work.write("\(stem)/backend.py", backend(requires))
        try FileSystem.makeDirectories(links, mode: 0o755)
        let command = Command(
            executable: "/bin/tar",
            arguments: ["-C", work.path.bytes, "-czf", (links / "\(stem).tar.gz").bytes, ByteString(stem)],
            environment: ["PATH": "/usr/bin:/bin"], workingDirectory: work.path, writable: nil)
        let result = PlainCommandRunner.runBlocking(command, within: 60)
        guard result.succeeded else { throw SystemError("pack", links, code: 5) }
    }

    private func backend(_ requires: String) -> String {
        """
        import os, zipfile

        open("\(canary)", "a").close()
        stem = "\(name.replacing("-", with: "_"))-\(version)"
        metadata = "Metadata-Version: 2.1\\nName: \(name)\\nVersion: \(version)\\n\(requires.replacing("\n", with: "\\n"))"


        def build_wheel(directory, config_settings=None, metadata_directory=None):
            wheel, info = stem + "-py3-none-any.whl", stem + ".dist-info"
            with zipfile.ZipFile(os.path.join(directory, wheel), "w") as archive:
                archive.writestr("\(name.replacing("-", with: "_")).py", "")
                archive.writestr(info + "/METADATA", metadata)
                archive.writestr(info + "/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
                archive.writestr(info + "/RECORD", "\(name.replacing("-", with: "_")).py,,\\n")
            return wheel


        def build_sdist(directory, config_settings=None):
            raise RuntimeError("it is one")

        """
    }
}

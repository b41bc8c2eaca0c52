internal import EnvdCore
internal import EnvdSystem

/// The project itself, editable, as `poetry install` puts it into an environment.
struct PoetryRoot {
    let build: UvBuild
    let layer: PythonLayer
    let root: Path

    /// A project that says nothing of its build system is built by Poetry's all the same.
    private var hasBuildSystem: Bool {
        if case .table(let metadata) = layer.project?.metadata { return metadata["build-system"] != nil }
        return false
    }

    /// Where no module of the project's is found, the environment goes without it: `poetry install` ends with an
    /// error there, but leaves all the rest.
    func install(into prefix: Path) async throws(Diagnostic) {
        let place = hasBuildSystem ? root : try standIn()
        let header = IndexOptions(build.layer, root: root).header
        let file = try build.write("project.txt", header + "-e file://\(PercentCoding.encoded(place))\n")
        let arguments: [ByteString] =
            ["pip", "install", "--no-deps"] + build.python(of: prefix) + ["--requirements", file.bytes]
        let writable = [prefix.parent, root]
        var result = await build.run(arguments, writable: writable)
        if case .exited = result.ending, !result.succeeded, UvFailure(result.standardError).isNetwork {
            // What the build needs may all be in the cache.
            let offline = await build.run(arguments + ["--offline"], writable: writable)
            if offline.succeeded { result = offline }
        }
        let words = String(decoding: result.standardError, as: UTF8.self)
        if !result.succeeded, words.contains("No file/folder found for package") {
            let name = layer.project?.name ?? ""
            build.context.log("the project is left out: it has no module `\(name)` to install")
            build.context.log("hint: set `package-mode = false`, or name its `packages`")
            return
        }
        guard result.succeeded else { throw build.diagnostic(result, "install", layer.manifest.description) }
        if place != root { correctAddress(in: prefix) }
    }

    /// A project in the scratch directory whose build backend is Poetry's, called in the project's directory.
    private func standIn() throws(Diagnostic) -> Path {
        let place = build.context.temporary / "project"
        let manifest = """
            [build-system]
            requires = ["poetry-core>=1.9"]
            build-backend = "envd_backend"
            backend-path = ["."]

            """
        let code = root.bytes.bytes.map(String.init).joined(separator: ",")
        let backend = """
            import os
            from poetry.core.masonry import api

            def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
                os.chdir(bytes([\(code)]))
                return api.build_editable(wheel_directory, config_settings)

            build_wheel = build_editable

            """
        try telling { () throws(SystemError) in
            try FileSystem.makeDirectories(place)
            try FileSystem.replace(place / "pyproject.toml", with: Array(manifest.utf8))
            try FileSystem.replace(place / "envd_backend.py", with: Array(backend.utf8))
        }
        return place
    }

    /// What was installed says that it comes from the project, not from its stand-in (PEP 610).
    private func correctAddress(in prefix: Path) {
        guard let site = SitePackages.directory(of: prefix), let names = try? FileSystem.list(site) else { return }
        let standIn = "file://\(PercentCoding.encoded(build.context.temporary / "project"))"
        for name in names where name.bytes.suffix(10).elementsEqual(Array(".dist-info".utf8)) {
            let file = site.appending(Path(name)) / "direct_url.json"
            guard let content = try? FileSystem.read(file) else { continue }
            let text = String(decoding: content, as: UTF8.self)
            let right = text.replacing(standIn, with: "file://\(PercentCoding.encoded(root))")
            if right != text { try? FileSystem.replace(file, with: Array(right.utf8), mode: 0o644) }
        }
    }
}

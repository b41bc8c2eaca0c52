internal import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// Who builds the project and the directories beside it: PEP 517's `[build-system]`, setup.py, and the code that they
/// read in the project.
extension CodeSourceCollector {
    /// Tables of build backends that make them run something.
    private static let hooks = [
        ["hatch", "build", "hooks"], ["hatch", "build", "targets"], ["hatch", "metadata", "hooks"], ["pdm", "build"],
        ["poetry", "build"], ["setuptools", "cmdclass"], ["setuptools", "ext-modules"], ["scikit-build"],
        ["meson-python"], ["maturin"], ["versioneer"],
    ]

    /// The project itself, where it is installed or asked for its metadata.
    mutating func addProject(_ layer: PythonLayer) {
        let isAsked = layer.format == .setuptools && layer.manifest == "setup.py"
        guard layer.project != nil || isAsked else { return }
        addBuild(of: context.root, in: content(of: context.root), isProject: true)
    }

    /// What pyproject.toml says beside the chosen groups: tools resolve all of it.
    mutating func addPyproject() {
        guard let document = try? context.document(PyprojectFormat.name) else { return }
        let project = document.value("project")
        for text in texts(project?.value(["dependencies"])) { addRequirement(text) }
        for key in [["project", "optional-dependencies"], ["dependency-groups"]] {
            for (_, value) in (document.root.value(key)?.asTable ?? [:]).sorted(by: { $0.key < $1.key }) {
                for text in texts(value) { addRequirement(text) }
            }
        }
        for text in texts(document.value("tool", "uv", "dev-dependencies")) { addRequirement(text) }
        let dynamic = texts(project?.value(["dynamic"]))
        if dynamic.contains(where: { $0.hasSuffix("dependencies") }) {
            // Without a [build-system] a backend is asked all the same.
            addBuild(of: context.root, in: content(of: context.root), isProject: true)
        }
    }

    /// - Parameters:
    ///   - directory: absolute.
    ///   - content: as `PathDependency` has it.
    ///   - isProject: whether it is built also where it names no backend: by setuptools.
    mutating func addBuild(of directory: Path, in content: CanonicalValue, isProject: Bool = false) {
        let where_ = directory == context.root ? "" : "\(shown(directory))/"
        let manifest = content.value(["pyproject.toml"])
        let build = manifest?.value(["build-system"])
        if let build {
            let backend = build.value(["build-backend"])?.asText ?? "setuptools"
            let requires = texts(build.value(["requires"]))
            let needs = requires.isEmpty ? "" : " (requires \(requires.joined(separator: ", ")))"
            add(
                .buildBackend, "\(backend)\(needs)" + (where_.isEmpty ? "" : " of \(shown(directory))"), content: build,
                near: where_.isEmpty ? "[build-system]" : nil)
            for text in requires { addRequirement(text, from: directory) }
            for place in texts(build.value(["backend-path"])) {
                let module = backend.prefix { $0 != "." && $0 != ":" }
                addScript("\(place)/\(module).py", in: directory, shownIn: where_)
                addScript("\(place)/\(module)/__init__.py", in: directory, shownIn: where_)
            }
        } else if isProject, content.value(["setup.py"]) == nil {
            let poetry = manifest?.value(["tool", "poetry"]) != nil
            add(.buildBackend, poetry ? "poetry-core, for none is named" : "setuptools, for none is named", near: nil)
        }
        if content.value(["setup.py"]) != nil { addScript("setup.py", in: directory, shownIn: where_) }
        addSetupCfg(directory, where_)
        let dynamic = texts(manifest?.value(["dynamic"]))
        if !dynamic.isEmpty {
            add(.dynamicMetadata, where_ + dynamic.sorted().joined(separator: ", "), near: "dynamic")
        }
        addHooks(manifest?.value(["tool"]), directory, where_)
        for text in texts(manifest?.value(["dependencies"])) { addRequirement(text, from: directory) }
        for (_, value) in (manifest?.value(["optional-dependencies"])?.asTable ?? [:]) {
            for text in texts(value) { addRequirement(text, from: directory) }
        }
        if let sources = manifest?.value(["tool", "uv.sources"]) {
            addUv(.table(["sources": sources]), of: where_, from: directory)
        }
    }

    private mutating func addHooks(_ tool: CanonicalValue?, _ directory: Path, _ where_: String) {
        for keys in Self.hooks {
            guard let value = tool?.value(keys), value.asTable?.isEmpty != true else { continue }
            let title = "[tool.\(keys.joined(separator: "."))]"
            add(.setting, where_.isEmpty ? title : "\(title) of \(shown(directory))", content: value, near: title)
        }
        if tool?.value(["hatch"]) != nil { addScript("hatch_build.py", in: directory, shownIn: where_) }
        if tool?.value(["pdm"]) != nil { addScript("pdm_build.py", in: directory, shownIn: where_) }
        if let source = tool?.value(["hatch", "version", "source"])?.asText, source != "regex" {
            let content = tool?.value(["hatch", "version"])
            add(.setting, "\(where_)hatch's version by `\(source)`", content: content, near: nil)
        }
        let script = tool?.value(["poetry", "build", "script"])?.asText ?? tool?.value(["poetry", "build"])?.asText
        if let script { addScript(script, in: directory, shownIn: where_) }
    }

    /// A file whose content is the code that runs.
    private mutating func addScript(_ name: String, in directory: Path, shownIn prefix: String) {
        let file = place(Path(name), from: directory)
        guard let bytes = context.files.readIfPresent(file) else { return }
        let isSetup = file.name == "setup.py"
        let text = isSetup ? prefix + "setup.py" : shown(file)
        let source = CodeSource(isSetup ? .buildBackend : .buildScript, text, content: Fingerprint(of: bytes))
        add(source, at: .init(file: file))
    }

    /// What of a setup.cfg makes setuptools run something.
    private mutating func addSetupCfg(_ directory: Path, _ prefix: String) {
        let file = directory / "setup.cfg"
        guard let bytes = context.files.readIfPresent(file), let read = try? SetupCfg(bytes, file: file) else { return }
        var entries: [String: CanonicalValue] = [:]
        for key in ["setup_requires", "cmdclass", "dependency_links"] {
            if let text = read.text("options", key) { entries["options.\(key)"] = .text(text) }
        }
        for section in ["global", "build", "build_ext", "build_py", "egg_info", "easy_install", "develop", "install"] {
            for (key, entry) in read.sections[section] ?? [:] {
                entries["\(section).\(key)"] = .list(entry.values.map { .text($0) })
            }
        }
        for requirement in (try? read.requirements("options", "install_requires")) ?? [] {
            addRequirement(requirement, from: directory)
        }
        // Where eggs are tagged says nothing.
        entries = entries.filter { !$0.key.hasPrefix("egg_info.tag_") }
        if !entries.isEmpty { add(.setting, "\(prefix)setup.cfg, its commands", content: .table(entries), near: nil) }
    }
}

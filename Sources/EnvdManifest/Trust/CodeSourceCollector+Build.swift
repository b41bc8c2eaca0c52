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
                // Whatever lies there goes before modules of Python's own.
                addScripts(in: self.place(Path(place), from: directory), shownIn: where_)
                addScripts(in: self.place(Path("\(place)/\(module)"), from: directory), shownIn: where_)
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
        addVersionModule(manifest?.value(["tool"]), directory, where_)
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
        if tool?.value(["hatch"]) != nil {
            for name in ["hatch_build.py"] + hatchHooks(tool) { addScript(name, in: directory, shownIn: where_) }
        }
        if tool?.value(["pdm"]) != nil { addScript("pdm_build.py", in: directory, shownIn: where_) }
        if let source = tool?.value(["hatch", "version", "source"])?.asText, source != "regex" {
            let content = tool?.value(["hatch", "version"])
            add(.setting, "\(where_)hatch's version by `\(source)`", content: content, near: nil)
            if let path = content?.value(["path"])?.asText { addScript(path, in: directory, shownIn: where_) }
        }
        let script = tool?.value(["poetry", "build", "script"])?.asText ?? tool?.value(["poetry", "build"])?.asText
        if let script { addScript(script, in: directory, shownIn: where_) }
    }

    /// The files of hatch's custom hooks (<https://hatch.pypa.io/latest/plugins/build-hook/custom/>), where they are
    /// not called as they are by default.
    private func hatchHooks(_ tool: CanonicalValue?) -> [String] {
        let targets = tool?.value(["hatch", "build", "targets"])?.asTable ?? [:]
        let tables =
            [["hatch", "build", "hooks", "custom"], ["hatch", "metadata", "hooks", "custom"]]
            .map { tool?.value($0) } + targets.values.flatMap { [$0.value(["hooks", "custom"]), $0] }
        return tables.compactMap { $0?.value(["path"])?.asText }.sorted()
    }

    /// The module that setuptools takes a version from (`attr:`), where it cannot tell it without running the module.
    private mutating func addVersionModule(_ tool: CanonicalValue?, _ directory: Path, _ where_: String) {
        guard let attribute = tool?.value(["setuptools", "dynamic", "version", "attr"])?.asText else { return }
        let name = attribute.split(separator: ".").last ?? ""
        for file in DynamicFiles.modules(attribute) {
            guard let bytes = context.files.readIfPresent(place(Path(file), from: directory)) else { continue }
            if !Self.isLiteral(name, in: bytes) { addScript(file, in: directory, shownIn: where_) }
        }
    }

    /// Whether a module gives a name one plain text and nothing else.
    private static func isLiteral(_ name: Substring, in module: [UInt8]) -> Bool {
        let lines = String(decoding: module, as: UTF8.self).split(whereSeparator: \.isNewline)
        let values = lines.compactMap { line -> Substring? in
            guard line.hasPrefix(name) else { return nil }
            let rest = line.dropFirst(name.count).drop { $0 == " " }
            return rest.first == "=" ? rest.dropFirst().drop { $0 == " " } : nil
        }
        guard values.count == 1, let quote = values[0].first, quote == "\"" || quote == "'" else { return false }
        let text = values[0].dropFirst().prefix { $0 != quote && $0 != "\\" }
        let rest = values[0].dropFirst(text.count + 2).drop { $0 == " " }
        return values[0].dropFirst(text.count + 1).first == quote && (rest.isEmpty || rest.first == "#")
    }

    /// Every module of a directory of code that runs, not of those below it.
    private mutating func addScripts(in directory: Path, shownIn prefix: String) {
        let names = ((try? FileSystem.list(directory)) ?? []).filter { $0.bytes.suffix(3).elementsEqual(".py".utf8) }
        for name in names.prefix(Self.mostModules) { addScript(name.description, in: directory, shownIn: prefix) }
        if names.count > Self.mostModules {
            add(.setting, "\(shown(directory)), which has more than \(Self.mostModules) modules", near: nil)
        }
    }

    private static let mostModules = 64

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

internal import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// setup.py and setup.cfg without a `[project]` table: installed editable, as `pip install -e .` does.
///
/// setup.py is never run for reading: it counts by its bytes, with the files that it names. setup.cfg counts by
/// what it says.
enum SetuptoolsFormat: ManifestFormat {
    static let name = "setup.py"
    static let names = ["setup.py", "setup.cfg"]

    static func claim(_ context: inout ReadingContext) -> ManifestClaim {
        do throws(SystemError) {
            _ = try context.files.read(context.root / name)
            return .follows
        } catch {
            if !error.isAbsence {
                return .broken(ReadingContext.unreadable(name, error, at: .init(file: context.root / name)))
            }
        }
        do throws(Diagnostic) {
            guard let configuration = try configuration(&context) else { return .absent }
            if isPackage(configuration) { return .follows }
            return .unrelated("it has neither a name in `[metadata]` nor `[options]`")
        } catch {
            return .broken(error)
        }
    }

    static func files(_ context: inout ReadingContext) -> [String] {
        names.filter { context.files.readIfPresent(Path($0)) != nil }
            + (buildSystem(&context) == nil ? [] : [PyprojectFormat.name])
    }

    static func isProject(_ context: inout ReadingContext) -> Bool {
        if (try? FileSystem.status(context.root / name))?.kind == .file { return true }
        return (try? configuration(&context)).map { $0.map(isPackage) ?? false } ?? false
    }

    private static func isPackage(_ configuration: SetupCfg) -> Bool {
        configuration.sections["options"] != nil || configuration.text("metadata", "name") != nil
    }

    private static func configuration(_ context: inout ReadingContext) throws(Diagnostic) -> SetupCfg? {
        let path = context.root / "setup.cfg"
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try context.files.read(path)
        } catch {
            if error.isAbsence { return nil }
            throw ReadingContext.unreadable("setup.cfg", error, at: .init(file: path))
        }
        return try SetupCfg(bytes, file: path)
    }

    private static func buildSystem(_ context: inout ReadingContext) -> CanonicalValue? {
        (try? context.document(PyprojectFormat.name))?.value("build-system")
    }

    static func layer(_ context: inout ReadingContext) throws(Diagnostic) -> PythonLayer {
        let script = context.files.readIfPresent(Path(name))
        let configuration = try configuration(&context)
        let build = buildSystem(&context)
        let table = try EnvdTable.read(&context)
        if configuration != nil { context.follow(Path("setup.cfg")) }
        if build != nil { context.follow(Path(PyprojectFormat.name)) }
        var layer = PythonLayer(format: .setuptools, manifest: Path(script == nil ? "setup.cfg" : name))
        layer.extras = table?.extras ?? []
        if let configuration {
            layer.requirements = try configuration.requirements("options", "install_requires")
            for extra in layer.extras {
                layer.requirements += try configuration.requirements("options.extras_require", extra)
            }
            layer.requirements = layer.requirements.sortedAndUnique()
            layer.requiresPython = try python(configuration)
            context.projectName = configuration.text("metadata", "name").flatMap {
                PackageName.normalised($0) == nil ? nil : $0
            }
        }
        var files: [String: CanonicalValue] = [:]
        for file in (configuration?.files ?? []) + named(in: script, context.root) {
            if let bytes = context.files.readIfPresent(Path(file)) { files[file] = FileContent.digest(bytes) }
        }
        let isInstallable = script != nil || build != nil
        if isInstallable, table?.project != .nowhere {
            var metadata: [String: CanonicalValue] = ["setup.cfg": configuration?.metadata ?? .table([:])]
            metadata["setup.py"] = script.map { FileContent.digest($0) }
            metadata["build-system"] = build
            let name = context.projectName.flatMap { PackageName.normalised($0) }
            layer.project = EditableProject(name: name ?? "", metadata: .table(metadata))
        } else if !isInstallable {
            context.passOver(
                Path("setup.cfg"),
                "its dependencies count; pip installs no project that has neither setup.py nor "
                    + "`[build-system]`")
        }
        context.complete(&layer, files: files, table: table)
        return layer
    }

    private static func python(_ configuration: SetupCfg) throws(Diagnostic) -> [String] {
        guard let text = configuration.text("options", "python_requires") else { return [] }
        do throws(GrammarError) {
            return try VersionSpecifiers.normalised(text)
        } catch {
            let line = configuration.sections["options"]?["python_requires"]?.line ?? 1
            throw configuration.problem(line, nil, "in `python_requires`, \(error.cause)")
        }
    }

    /// Files of the project that a text in setup.py names: `open("requirements.txt")`, `"src/x/version.py"`.
    private static func named(in script: [UInt8]?, _ root: Path) -> [String] {
        guard let script, script.count < 1 << 20 else { return [] }
        var found: [String] = []
        var tried = 0
        for line in script.split(separator: UInt8(ascii: "\n")) {
            for quote in [UInt8(ascii: "\""), UInt8(ascii: "'")] {
                let pieces = line.split(separator: quote, omittingEmptySubsequences: false)
                for index in stride(from: 1, to: pieces.count, by: 2) {
                    let text = String(decoding: pieces[index], as: UTF8.self)
                    guard (3..<128).contains(text.utf8.count), !text.hasPrefix("/"), !text.contains(" "), tried < 256,
                        text != name, text != "setup.cfg", !text.hasSuffix(".md"), !text.hasSuffix(".rst")
                    else { continue }
                    tried += 1
                    if (try? FileSystem.status(root / text))?.kind == .file { found.append(text) }
                }
            }
        }
        return Array(found.sortedAndUnique().prefix(32))
    }
}

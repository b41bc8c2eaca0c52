internal import EnvdCore
internal import EnvdSystem

/// What uv is to resolve, with the project and the directories of this machine as editables.
///
/// Kept from builds by `--only-binary :all:`, uv builds no metadata of a manifest, and none of a directory whose
/// package's name it cannot read (setup.py alone); an editable it always builds. What it says of one holds for the
/// other.
struct BuildableSources {
    /// As uv names them on its command line.
    private(set) var words: [ByteString] = []
    /// The project, where it stands in place of its manifest.
    private var project: Path?
    /// Directories that are no editables where the user wrote them.
    private var swapped: Set<Path> = []

    /// - Parameter words: what `UvBuild.sources` gave.
    init(_ words: [ByteString], of build: UvBuild) throws(Diagnostic) {
        let (root, layer) = (build.root, build.layer)
        if layer.format == .requirements {
            // Whichever file a line stands in, here it is in one of ours.
            self.words = try build.write(layer)
            try swap(in: build)
            return
        }
        let manifests = [root / "pyproject.toml", root.appending(layer.manifest)].map(\.bytes)
        if words.contains(where: { manifests.contains($0) }) {
            let extras = layer.extras.isEmpty ? "" : "[\(layer.extras.joined(separator: ","))]"
            let file = try build.write("project.in", "-e file://\(PercentCoding.encoded(root))\(extras)\n")
            self.words = words.map { manifests.contains($0) ? file.bytes : $0 }
            project = root
        } else {
            self.words = words
            try swap(in: build)
        }
    }

    /// Makes editables of the directories in the file that `UvBuild.write` wrote.
    private mutating func swap(in build: UvBuild) throws(Diagnostic) {
        let file = build.context.temporary / "manifest.in"
        guard words.contains(file.bytes) else { return }
        let content = try telling { () throws(SystemError) in try FileSystem.read(file, limit: 64 << 20) }
        var text = ""
        for line in String(decoding: content, as: UTF8.self).split(separator: "\n") {
            let parsed = RequirementsText(String(line)).lines.first
            let path = parsed?.localPath.map { Path($0) }
            let isDirectory = path.flatMap { try? FileSystem.status($0) }?.kind == .directory
            if let path, let parsed, isDirectory, !parsed.isEditable, !parsed.requirement.contains(" @ ") {
                swapped.insert(path.withoutDots)
                text += "-e "
            }
            text += line + "\n"
        }
        _ = try build.write("manifest.in", text)
    }

    /// Takes the project out of what was resolved, and has directories be what the user wrote.
    func restore(_ resolution: inout Resolution) {
        if let project { resolution.forget(project) }
        guard !swapped.isEmpty else { return }
        resolution.unhashed = resolution.unhashed.split(separator: "\n").map { line in
            let path = RequirementsText(String(line)).lines.first?.localPath.map { Path($0).withoutDots }
            let isSwapped = line.hasPrefix("-e ") && path.map { swapped.contains($0) } ?? false
            return (isSwapped ? line.dropFirst(3) : line) + "\n"
        }.joined()
    }
}

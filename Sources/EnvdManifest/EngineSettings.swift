internal import EnvdCore
internal import EnvdSystem

/// Everything beside requirements that changes what uv resolves or installs.
///
/// It becomes the layer's `settings`: the keys of `[tool.uv]`, and some with a dot, which no TOML bare key has:
/// `envd.files` for what local sources and dynamic metadata are read from, `envd.uv.toml` for that file,
/// `envd.workspace` for the `[tool.uv]` of the workspace around.
struct EngineSettings {
    /// `[tool.uv]` as far as it counts.
    var table: CanonicalValue?
    /// By path as written, relative to the root: what of a file counts, or the digest of its bytes.
    var files: [String: CanonicalValue] = [:]
    /// `[tool.uv]` of the workspace that the project is a member of, as far as it counts.
    var workspace: CanonicalValue?
    private var configuration: CanonicalValue?

    /// How uv works, not what it makes; and what the spec says elsewhere (groups, package, build-backend).
    private static let irrelevant: Set<String> = [
        "add-bounds", "audit", "build-backend", "cache-dir", "cache-keys", "check-url", "concurrent-builds",
        "concurrent-downloads", "concurrent-installs", "default-groups", "dev-dependencies", "link-mode", "managed",
        "native-tls", "no-cache", "no-progress", "offline", "package", "preview", "preview-features", "publish-url",
        "python-downloads", "python-preference", "quiet", "system-certs", "trusted-publishing", "compile-bytecode",
    ]

    /// A `[tool.uv]` table without what neither resolving nor installing reads; nil where nothing is left.
    static func relevant(_ table: CanonicalValue?) -> CanonicalValue? {
        let entries = (table?.asTable ?? [:]).filter { !irrelevant.contains($0.key) }
        return entries.isEmpty ? nil : .table(entries)
    }

    /// uv.toml beside the manifest, or beside that of the workspace, which uv reads in place of `[tool.uv]`.
    mutating func readConfiguration(_ context: inout ReadingContext, below place: Path? = nil) {
        let name = place.map { $0 / "uv.toml" } ?? Path("uv.toml")
        let path = context.root.appending(name).withoutDots
        guard let bytes = context.files.readIfPresent(path) else {
            if table == nil, workspace == nil { Self.noteSettingsAbove(place ?? Path("."), &context) }
            return
        }
        context.follow(path)
        if let document = try? TOMLDocument(bytes, file: path, name: "uv.toml", recordsLines: false) {
            configuration = Self.relevant(document.root)
        } else {
            configuration = FileContent.digest(bytes)
        }
    }

    /// uv would look for settings in every directory above. Nobody watches those and nobody allowed them (whoever can
    /// write /tmp has a word there), so that engines are not shown them; a person who relies on them has to know.
    private static func noteSettingsAbove(_ place: Path, _ context: inout ReadingContext) {
        let around = context.root.appending(place).withoutDots
        for directory in around.selfAndAncestors.dropFirst() {
            for name in ["uv.toml", "pyproject.toml"] {
                let file = directory / name
                guard let bytes = try? FileSystem.read(file, limit: 1 << 20),
                    name == "uv.toml"
                        || (try? TOMLDocument(bytes, file: file, name: name, recordsLines: false))?
                            .value("tool", "uv") != nil
                else { continue }
                context.note(
                    "`\(file)`, which lies above the project, is not obeyed", at: .init(file: file),
                    hint: "put what is needed of it into uv.toml beside the manifest, or into ~/.config/uv/uv.toml")
                return
            }
        }
    }

    /// Nil where there is nothing.
    var value: CanonicalValue? {
        var entries = table?.asTable ?? [:]
        if !files.isEmpty { entries["envd.files"] = .table(files) }
        if let configuration { entries["envd.uv.toml"] = configuration }
        if let workspace { entries["envd.workspace"] = workspace }
        return entries.isEmpty ? nil : .table(entries)
    }
}

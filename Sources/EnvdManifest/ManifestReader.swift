package import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

/// Files of a project → its spec. Everything in them is untrusted: nothing is run, nothing blocks, and size,
/// depth and count of what is read are bounded.
package enum ManifestReader {
    /// In the order in which they count.
    static let formats: [any ManifestFormat.Type] = [
        PyprojectFormat.self,
        RequirementsFormat.self,
    ]

    /// The file names whose presence makes the hook ask, in the order in which they count.
    package static let names: [String] = formats.map { $0.name }

    /// Whether a directory is a project at all.
    ///
    /// pyproject.toml counts with one of the tables that say something of an environment, in a half-written
    /// file too; requirements.txt counts by being there.
    package static func isProject(_ root: Path) -> Bool {
        var context = ReadingContext(root: root)
        return formats.contains { $0.isProject(&context) }
    }

    /// Reads a project's manifests; what is wrong with them is part of the answer.
    ///
    /// - Parameter root: absolute.
    package static func read(_ root: Path) -> ManifestReading {
        var context = ReadingContext(root: root)
        let spec: Result<Spec, Diagnostic>
        do throws(Diagnostic) {
            let format = try choose(&context)
            context.follow(Path(format.name))
            var layer = try format.layer(&context)
            layer.requiresPython = layer.requiresPython.sortedAndUnique()
            spec = .success(Spec(name: name(context), python: layer))
        } catch {
            spec = .failure(error)
        }
        return ManifestReading(
            root: root, inputs: context.files.inputs, followed: context.followed, passedOver: context.passedOver,
            wantedVariables: context.wantedVariables.sortedAndUnique(), spec: spec)
    }

    private static func name(_ context: ReadingContext) -> ByteString {
        if let name = context.projectName { return ByteString(name) }
        return context.root.name.isEmpty ? context.root.bytes : context.root.name
    }

    /// The first format that follows; every other file that is there is passed over with its reason.
    private static func choose(_ context: inout ReadingContext) throws(Diagnostic) -> any ManifestFormat.Type {
        var chosen: (any ManifestFormat.Type)?
        var problem: Diagnostic?
        // The file that counts, even where it is damaged.
        var first: String?
        var unsupported: [(name: String, problem: Diagnostic)] = []
        var unrelated: [String] = []
        for format in formats {
            let claim = format.claim(&context)
            if case .absent = claim { continue }
            if let first {
                context.passOver(Path(format.name), "`\(first)` is followed")
                continue
            }
            switch claim {
            case .absent: break
            case .unrelated(let reason):
                context.passOver(Path(format.name), reason)
                unrelated.append("`\(format.name)`: \(reason)")
            case .unsupported(let diagnostic): unsupported.append((format.name, diagnostic))
            case .broken(let diagnostic): (problem, first) = (diagnostic, format.name)
            case .follows: (chosen, first) = (format, format.name)
            }
        }
        if let problem { throw problem }
        if let chosen {
            for (name, _) in unsupported {
                context.passOver(Path(name), "its format is not supported yet, and `\(chosen.name)` is followed")
            }
            return chosen
        }
        if let first = unsupported.first { throw first.problem }
        let known = names.map { "`\($0)`" }.joined(separator: " or ")
        throw Diagnostic(
            "could not read the project `\(context.root)`: "
                + (unrelated.isEmpty ? "there is no \(known)" : unrelated.joined(separator: ", ")),
            at: .init(file: context.root), hint: "add a `[project]` table to pyproject.toml, or a requirements.txt")
    }
}

package import EnvdCore

/// A layer as pip has to be told it: every local path absolute, whatever file it came from.
package struct PipRequirements: Hashable, Sendable {
    /// Lines of a requirements file.
    package var requirements: String
    package var constraints: String
    /// Global options other than indexes.
    package var options: String
    /// Local directories among the requirements: backends write there while they are asked for metadata.
    package var directories: [Path]
    package var isEmpty: Bool { requirements.isEmpty }

    /// - Parameter asURLs: how local paths are written: uv knows no quotes in `-e`, pip no escapes in a path.
    package init(_ layer: PythonLayer, root: Path, asURLs: Bool = false) {
        // Where pip would run: paths are relative to that, whichever file they stand in.
        let base = root
        directories = []
        requirements = ""
        for written in layer.requirements {
            guard let line = RequirementsText(written).lines.first, let local = line.localPath,
                !line.requirement.contains(" @ ")
            else {
                requirements += written + "\n"
                continue
            }
            // `./x[extra]`
            let extras = local.hasSuffix("]") ? local.lastIndex(of: "[").map { String(local[$0...]) } ?? "" : ""
            let place = base.appending(Path(String(local.dropLast(extras.count)))).withoutDots
            directories.append(place)
            let marker = line.marker.map { " ; \($0)" } ?? ""
            if asURLs {
                let url = "file://\(PercentCoding.encoded(place))\(extras)"
                requirements += (line.isEditable ? "-e " : "") + url + marker + "\n"
                continue
            }
            requirements += line.isEditable ? "-e \"\(place)\(extras)\"\(marker)\n" : "\(place)\(extras)\(marker)\n"
        }
        constraints = layer.constraints.map { $0 + "\n" }.joined()
        options = layer.options.filter { option in
            [
                "--pre", "--no-binary", "--only-binary", "--prefer-binary", "--all-releases", "--only-final",
                "--requirement", "--constraint",
            ].contains { option.hasPrefix($0) }
        }.map { $0 + "\n" }.joined()
    }
}

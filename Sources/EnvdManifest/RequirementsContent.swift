package import EnvdCore

/// What a requirements file and all that it includes say, line by line.
package struct RequirementsContent: Sendable {
    package var requirements: [RequirementsItem]
    package var constraints: [RequirementsItem]
    /// By their long names, those whose order counts in that order.
    package var options: [String]
    package var wantedVariables: Set<String>
    /// The first thing that could not be understood.
    package var problem: Diagnostic?

    /// - Parameters:
    ///   - file: relative to the root.
    ///   - root: absolute.
    package init(of file: Path, below root: Path) {
        var reader = RequirementsReader(context: ReadingContext(root: root))
        reader.read(file)
        requirements = reader.items
        constraints = reader.constraintItems
        options = reader.normalisedOptions
        wantedVariables = reader.context.wantedVariables
        problem = reader.problem
    }
}

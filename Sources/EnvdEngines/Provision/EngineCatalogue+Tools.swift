extension EngineCatalogue {
    /// A program in Python that is not one wheel: it lives in a virtual environment of its own.
    package struct PythonTool: Hashable, Sendable {
        /// The package, its module and its command, which have one name.
        package var name: String
        package var version: String
        /// The oldest copy of a user's own that has every option that is used here.
        package var oldest: String
        /// PEP 440 clauses for the Python that it runs on.
        package var requiresPython: [String]
        /// Lines of a requirements file: all of its packages, exact and with hashes.
        package var requirements: String
        /// A Python program that prints the version, for what is a library and no command: a copy of the user's own
        /// is then not looked for. Nil: the tool is asked with `--version`.
        package var probe: String?

        package init(
            name: String, version: String, oldest: String, requiresPython: [String], requirements: String,
            probe: String? = nil
        ) {
            self.name = name
            self.probe = probe
            self.version = version
            self.oldest = oldest
            self.requiresPython = requiresPython
            self.requirements = requirements
        }

        /// The directory below `engines` that holds it.
        package var directoryName: String { "\(name)-\(version)" }
    }

    /// Poetry 1.8 is the first with `package-mode`.
    package static let poetry = PythonTool(
        name: "poetry", version: "2.5.1", oldest: "1.8.0", requiresPython: [">=3.10", "<4"],
        requirements: poetryRequirements)

    /// Pipenv 2023.10 is the first with categories as they are here.
    package static let pipenv = PythonTool(
        name: "pipenv", version: "2026.10.3", oldest: "2023.10.20", requiresPython: [">=3.10"],
        requirements: pipenvRequirements)

    /// rattler through py-rattler: a library, which envd's own driver uses.
    package static let rattler = PythonTool(
        name: "rattler", version: "0.28.0", oldest: "0.28.0", requiresPython: [">=3.10"],
        requirements: pyRattlerRequirements,
        probe: "import importlib.metadata as m, rattler; print(m.version('py-rattler'))")

    /// The tools that resolve for projects of their own formats.
    package static let tools: [PythonTool] = [poetry, pipenv, rattler]

    /// What `envd engines install` takes.
    package static var names: [String] { [uv.name] + tools.map(\.name) }
}

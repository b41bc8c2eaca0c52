package import EnvdCore
internal import EnvdSystem

extension CondaPrefix {
    /// Puts in place what conda itself has in every prefix: the file by which it knows one, and the variables of the
    /// manifest, where `conda activate` looks for them.
    ///
    /// Source: conda's `PrefixData`, `conda-meta/state`.
    package func complete(variables: [String: String]) throws(Diagnostic) {
        let metadata = path / "conda-meta"
        try telling { () throws(SystemError) in
            try FileSystem.makeDirectories(metadata, mode: 0o755)
            if !FileSystem.exists(metadata / "history") {
                try FileSystem.replace(metadata / "history", with: [], mode: 0o644)
            }
            guard !variables.isEmpty else { return }
            let state = CanonicalValue.table([
                "version": .integer(1), "env_vars": .table(variables.mapValues { .text($0) }),
            ])
            try FileSystem.replace(metadata / "state", with: Array(state.json.utf8), mode: 0o644)
        }
    }

    /// The Python that conda put there, which is the prefix's own; nil where there is none.
    package func interpreter(context: EngineContext) async -> Interpreter? {
        await InterpreterProbe(context: context, excluding: []).ask(path / "bin/python")
    }
}

extension RattlerEngine {
    /// As `solve`, with pip beside Python, as conda itself has it (its setting `add_pip_as_python_dependency`, and a
    /// `pip:` section): without one of the environment's own, `pip` would mean another. Where no channel has pip that
    /// fits, it is left out.
    ///
    /// - Parameter needsPython: whether packages of Python's come on top.
    package func solveWithPip(
        _ layer: CondaLayer, root: Path, machine: VirtualPackages, settings: CondaOptions,
        preferring: CondaResolution?, needsPython: Bool, context: EngineContext
    ) async throws(Diagnostic) -> CondaResolution {
        let names = layer.specs.map { Self.name(of: $0) }
        var additions: [String] = []
        if layer.format == .environment, !names.contains("pip") {
            if needsPython || names.contains("python") { additions.append("pip") }
            if needsPython, !names.contains("python") { additions.append("python") }
        }
        for addition in additions {
            var asked = layer
            asked.specs.append(addition)
            do throws(Diagnostic) {
                return try await solve(
                    asked, root: root, machine: machine, settings: settings, preferring: preferring, context: context)
            } catch {
                if error.isCancellation || error.needsNetwork == true { throw error }
                context.log("without \(addition), for \(error.message)")
            }
        }
        return try await solve(
            layer, root: root, machine: machine, settings: settings, preferring: preferring, context: context)
    }

    /// `numpy` of `https://…/conda-forge::numpy >=1.26`.
    static func name(of spec: String) -> String {
        let text = spec.firstRange(of: "::").map { spec[$0.upperBound...] } ?? spec[...]
        return String(text.prefix { $0 != " " && $0 != "=" && $0 != "<" && $0 != ">" && $0 != "!" && $0 != "[" })
    }
}

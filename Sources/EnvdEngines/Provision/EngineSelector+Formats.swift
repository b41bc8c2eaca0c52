package import EnvdCore

extension EngineSelector {
    /// The engine that reads a layer's own format, with the chosen one to install by.
    package func engine(for layer: PythonLayer, by choice: Choice) -> any PythonEngine {
        switch layer.format {
        case .poetry: PoetryEngine(installer: choice.engine, excluding: excluding)
        case .pyproject, .requirements, .rye, .pipenv, .pylock, .setuptools, .condaPip: choice.engine
        }
    }
}

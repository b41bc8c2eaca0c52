package import EnvdCore
internal import EnvdSystem

/// What the driver said, kept until the driver changes: builds need not ask it again, and one that hangs is waited for
/// once. Lives as long as the daemon.
package actor CudaDriverMemory {
    private let program: Path
    private let libraries: CudaLibraries
    private let milliseconds: Int64
    private var known: (identity: ByteString, answer: CudaDriver.Answer)?
    /// Those who came while the driver was being asked.
    private var waiting: [CheckedContinuation<Void, Never>]?

    /// - Parameters:
    ///   - program: the `envd` program.
    ///   - milliseconds: see `CudaDriver.detect`.
    package init(
        program: Path, libraries: CudaLibraries = CudaLibraries(), milliseconds: Int64 = CudaDriver.patience
    ) {
        self.program = program
        self.libraries = libraries
        self.milliseconds = milliseconds
    }

    /// The driver, asked only where it may have changed.
    ///
    /// - Returns: none where CONDA_OVERRIDE_CUDA is set, for `VirtualPackages` then has that and nothing is asked.
    package func answer(_ context: EngineContext) async -> CudaDriver.Answer {
        if context.userEnvironment["CONDA_OVERRIDE_CUDA"] != nil { return .none }
        while true {
            let identity = libraries.identity(libraryPath: context.userEnvironment["LD_LIBRARY_PATH"])
            if let known, known.identity == identity { return known.answer }
            if waiting == nil {
                return await ask(identity, context)
            }
            await withCheckedContinuation { waiting?.append($0) }
        }
    }

    private func ask(_ identity: ByteString, _ context: EngineContext) async -> CudaDriver.Answer {
        waiting = []
        let answer = await CudaDriver.detect(
            by: program, libraries: libraries, milliseconds: milliseconds, context: context)
        // Who was cancelled has learnt nothing.
        if !Task.isCancelled { known = (identity, answer) }
        let others = waiting ?? []
        waiting = nil
        others.forEach { $0.resume() }
        return answer
    }
}

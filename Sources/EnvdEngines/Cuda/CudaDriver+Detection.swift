package import EnvdCore
internal import EnvdSystem

extension CudaDriver {
    /// How long the driver's libraries may take to answer: a GPU that fell off its bus answers never.
    package static let patience: Int64 = 3000

    /// Asks the driver, in a process of its own: nothing of it is ever loaded into this one.
    ///
    /// The version counts also where no GPU answers (`cuInit` fails, hangs or crashes after it).
    ///
    /// - Parameters:
    ///   - program: the `envd` program; its hidden command `cuda-driver` does the asking.
    ///   - milliseconds: after them the process is ended.
    package static func detect(
        by program: Path, libraries: CudaLibraries = CudaLibraries(), milliseconds: Int64 = patience,
        context: EngineContext
    ) async -> Answer {
        var arguments: [ByteString] = ["cuda-driver"]
        if !libraries.asksLinker { arguments.append("--only") }
        for directory in libraries.directories { arguments += ["--directory", directory.bytes] }
        // Nothing else matters to the driver; CUDA_VISIBLE_DEVICES would hide GPUs from it.
        let environment = context.userEnvironment.filter { ["LD_LIBRARY_PATH", "HOME", "PATH"].contains($0.key) }
        let command = Command(
            executable: program, arguments: arguments, environment: environment, workingDirectory: "/", writable: [])
        let (result, isLate) = await TimeLimit.run(milliseconds: milliseconds) {
            await context.runner.run(command, onLine: { _ in })
        }
        let answer = answer(result, isLate: isLate, milliseconds: milliseconds)
        if let trouble = answer.trouble, !Task.isCancelled { context.log("CUDA driver: \(trouble)") }
        return answer
    }

    private static func answer(_ result: CommandResult, isLate: Bool, milliseconds: Int64) -> Answer {
        let progress = CudaDriverProgress(output: result.standardOutput) ?? CudaDriverProgress()
        let library = progress.library.map { "`\($0)`" } ?? "the driver's library"
        let driver = progress.number.flatMap { CudaVersion(number: $0) }.map {
            CudaDriver(version: $0, capability: progress.capability)
        }
        if isLate {
            let trouble = "\(library) did not answer within \(milliseconds / 1000).\(milliseconds % 1000 / 100) s"
            return Answer(driver: driver, trouble: trouble, isBroken: true)
        }
        switch result.ending {
        case .exited(0): return Answer(driver: driver, trouble: progress.trouble)
        case .exited(let status):
            return Answer(driver: driver, trouble: "\(library) ended with status \(status)", isBroken: true)
        case .signalled(let signal):
            return Answer(driver: driver, trouble: "\(library) crashed with signal \(signal)", isBroken: true)
        case .cancelled: return Answer(driver: driver, trouble: "the question was cancelled")
        case .notStarted(let code):
            let cause = SystemError("run", code: code).cause
            return Answer(driver: nil, trouble: "the program that asks it could not be started: \(cause)")
        }
    }
}

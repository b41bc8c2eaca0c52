internal import ArgumentParser
internal import EnvdEngines
internal import Glibc

/// Loads NVIDIA's driver library and says what it can do: what `CudaDriver.detect` runs, and nobody else.
struct CudaDriverCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cuda-driver", abstract: "Ask NVIDIA's driver for its version.", shouldDisplay: false)

    @Option(help: .private) var directory: [String] = []
    @Flag(help: .private) var only = false

    func run() throws {
        // What a library prints goes to standard error.
        let answers = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
        dup2(STDERR_FILENO, STDOUT_FILENO)
        // A crash is an answer: nobody needs a trace of it, which Swift's own handlers would take seconds for.
        for number in [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP] { signal(number, SIG_DFL) }
        var question = CudaQuestion { progress in
            let line = Array(progress.line.utf8)
            _ = write(answers, line, line.count)
        }
        question.ask { library in (only ? [] : [library]) + directory.map { "\($0)/\(library)" } }
        // No word of a library's on its way out, which may hang as well.
        _exit(0)
    }
}

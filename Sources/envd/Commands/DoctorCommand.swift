internal import ArgumentParser
internal import EnvdControl
internal import EnvdCore
internal import EnvdProtocol
internal import EnvdStore
internal import EnvdSystem

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Look for what is wrong with envd, a project's environment, or its CUDA.",
        usage: "envd doctor [<directory>] [--thorough] [--json] [-- <program> ...]",
        discussion: """
            Changes nothing, and needs no daemon that answers. The exit status is 0 where no problem was found, 1 \
            where there is one.
            """)

    @OptionGroup var project: ProjectArgument
    @Flag(help: "Read every file of the environment's packages.") var thorough = false
    @Flag(help: "Print JSON, in a format that stays.") var json = false
    @Argument(parsing: .postTerminator, help: "A program to look at, too, and its arguments.")
    var program: [String] = []

    func run() throws {
        let report = try report()
        if json {
            StandardOutput.write(try ControlCoding.json(report, pretty: true) + [UInt8(ascii: "\n")])
        } else {
            report.lines.forEach { printLine($0) }
        }
        if report.problems > 0 { throw ExitCode(CommandFailure.Status.failure.rawValue) }
    }

    private func report() throws -> DoctorReport {
        let directory: Path
        do {
            directory = try FileSystem.canonical(project.path)
        } catch {
            throw CommandFailure(Diagnostic("could not find `\(project.path)`: \(error.cause)"))
        }
        let (runtime, paths) = (RuntimeDirectory.ofThisUser(), try StorePaths.chosen())
        let variables = ProcessEnvironment.all()

        let daemon = DoctorDaemon(asking: runtime, about: directory)
        var findings = daemon.findings
        findings += DoctorMachine(runtime: runtime, paths: paths, daemon: daemon.report.process).findings
        findings += DoctorShells.findings()
        // What was never allowed, or is not any more, has no environment to speak of.
        let isOffered = daemon.project.map { ![.denied, .notAllowed, .notAProject, .forgotten].contains($0.state) }
        let environment =
            isOffered ?? (daemon.report.state != .running)
            ? DoctorEnvironment(daemon.project, around: directory, paths: paths) : nil
        if let status = daemon.project {
            findings += DoctorEnvironment.findings(status)
        } else if daemon.report.state != .running {
            findings += DoctorEnvironment.findings(published: environment, runtime: runtime)
        }
        findings +=
            environment?.findings(
                shell: variables, workingDirectory: WorkingDirectory.physical, thoroughly: thorough) ?? []

        let cuda = DoctorCuda(prefix: environment?.prefix, paths: paths)
        findings += cuda.findings
        if let name = RawArguments.afterTerminator.first {
            findings += DoctorProgram(name, searchPath: variables["PATH"] ?? "")
                .findings(libraryPath: environment?.libraryPath ?? [])
        }
        return DoctorReport(
            daemon: daemon.report, state: daemon.project?.state.rawValue, environment: environment?.report,
            cuda: cuda.report, findings: findings)
    }
}

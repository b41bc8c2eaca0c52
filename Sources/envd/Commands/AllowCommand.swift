internal import ArgumentParser
internal import EnvdControl
internal import EnvdCore
internal import EnvdSystem

struct AllowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "allow", abstract: "Allow a project: its environment is built, and active on cd, from now on.",
        discussion: """
            Building an environment runs code: of the packages that the project names, and of the project itself \
            where it is installed. So nothing runs before you say so, and nothing of a project can say so for you.

            What the files name now is allowed: build backends, paths, repositories, addresses, indexes, channels. \
            What they name later waits for another `envd allow`, and so does a package that has no wheel and would \
            be built from source; versions of packages from what was allowed are followed without a word.
            """)

    @OptionGroup var project: ProjectArgument
    @Flag(help: "Accept that other users can write there.") var shared = false
    @Flag(help: "Have every change of the project's files wait for another `envd allow`.") var ask = false
    @Flag(help: "Follow what needs no further word (the default, unless config.toml says `trust = \"ask\"`).")
    var follow = false
    @Option(
        name: .customLong("build"), parsing: .singleValue,
        help: ArgumentHelp(
            "Allow this package to be built from source; may be given again. :all: for any, :none: for none.",
            valueName: "name"))
    var builds: [String] = []
    @Flag(help: "Only show what would be allowed.") var dryRun = false
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        if ask, follow { throw ValidationError("--ask and --follow exclude each other") }
    }

    func run() throws {
        let daemon = try DaemonClient()
        try daemon.handOverEnvironment()
        let report = try daemon.call(
            Control.Allow.self,
            Control.Allow.Parameters(
                directory: project.path, shared: shared, mode: ask ? .ask : follow ? .follow : nil, builds: builds,
                isDryRun: dryRun))
        if json {
            StandardOutput.write(try ControlCoding.json(report, pretty: true) + [UInt8(ascii: "\n")])
        } else {
            AllowText.lines(report).forEach { printLine($0) }
        }
    }
}

internal import ArgumentParser
internal import EnvdSystem

/// Prints a page of the manual, for `make install`.
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual", abstract: "Print a page of the manual, in roff.", shouldDisplay: false)

    @Argument(help: "envd, envd-hook, envd.toml, or settings.md.") var page: ManualPages

    func run() throws { StandardOutput.write(Array(try page.text().utf8)) }
}

internal import ArgumentParser
internal import EnvdCore

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

    func run() { printLine("envd \(Version.text)") }
}

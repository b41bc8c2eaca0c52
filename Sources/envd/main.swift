internal import ArgumentParser
internal import EnvdCore

do {
    var command = try Envd.parseAsRoot()
    try command.run()
} catch let failure as CommandFailure {
    failure.report()
} catch let diagnostic as Diagnostic {
    CommandFailure(diagnostic).report()
} catch {
    Envd.exit(withError: error)
}

// envd-hook VERB SHELL [NAME ...]: asks the daemon for a shell, within 50 ms, and prints shell text.
//
// VERB is `hello` or `ask`; NAMEs are further variables to hand over. The shell is the parent process, its
// directory is $PWD. The exit status is always 0: a prompt must not show a daemon's troubles.
internal import EnvdClient
internal import EnvdCore
internal import EnvdProtocol
internal import EnvdSystem

let arguments = CommandLine.arguments
if arguments.count >= 3, let verb = HookRequest.Verb(rawValue: arguments[1]) {
    let environment = ProcessEnvironment.all()
    let request = HookRequest(
        verb: verb, shell: arguments[2], process: ParentProcess.id, directory: WorkingDirectory.logical,
        environment: HandedEnvironment.selected(
            from: environment, wanted: Set(arguments.dropFirst(3).map { ByteString($0) })))
    StandardOutput.write(HookClient(runtime: .ofThisUser()).send(request))
}

// envd-hook VERB SHELL [NAME ...]: asks the daemon for a shell, within 50 ms, and prints shell text.
//
// VERB is `hello` or `ask`; NAMEs are further variables to hand over. The shell is the parent process, its
// directory is $PWD. The exit status is always 0: a prompt must not show a daemon's troubles.
internal import EnvdClient
internal import EnvdCore
internal import EnvdProtocol
internal import EnvdSystem

let arguments = CommandLine.arguments
if arguments.count >= 3, arguments[1] == "hello" || arguments[1] == "ask" {
    var frame = HookFrame(
        verb: arguments[1], shell: arguments[2], process: ParentProcess.id, directory: WorkingDirectory.logical)
    ProcessEnvironment.forEach { entry, nameLength in
        if HandedEnvironment.isSent(UnsafeBufferPointer(rebasing: entry[..<nameLength])) { frame.append(entry) }
    }
    for name in arguments.dropFirst(3) {
        if let value = ProcessEnvironment.value(name) { frame.append(ByteString(name) + "=" + value) }
    }
    StandardOutput.write(
        HookClient(runtime: .ofThisUser()).send(frame.finished, isQuestion: arguments[1] == "ask"))
}

// envd-hook VERB SHELL [NAME ...]: asks the daemon for a shell, within 50 ms, and prints shell text.
//
// VERB is `hello` or `ask`; NAMEs are further variables to hand over. The shell is the parent process, its
// directory is $PWD. The exit status is always 0: a prompt must not show a daemon's troubles.
internal import EnvdClient
internal import EnvdCore
internal import EnvdProtocol
internal import EnvdSystem

if let verb = ProcessArguments.value(1), verb == "hello" || verb == "ask", let shell = ProcessArguments.value(2) {
    var frame = HookFrame(
        verb: verb, shell: shell, process: ParentProcess.id, directory: WorkingDirectory.logical)
    ProcessEnvironment.forEach { entry, nameLength in
        if HandedEnvironment.isSent(UnsafeBufferPointer(rebasing: entry[..<nameLength])) { frame.append(entry) }
    }
    for index in 3..<max(3, ProcessArguments.count) {
        if let name = ProcessArguments.value(index), let value = ProcessEnvironment.value(name.description) {
            frame.append(name + "=" + value)
        }
    }
    StandardOutput.write(HookClient(runtime: .ofThisUser()).send(frame.finished(), isQuestion: verb == "ask"))
}

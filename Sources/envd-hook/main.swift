// envd-hook VERB SHELL [ARGUMENT ...]: what a shell cannot do by itself. Prints shell text.
//
// - `hello`, `ask`: tells the daemon about the shell (the parent process, in $PWD) and asks it, within 50 ms; ARGUMENTs
//   are further variables to hand over.
// - `switch [ID]`: goes to the project whose published answer has this id, or out of whatever is active; asks nobody.
// - `settle`: after conda's scripts, which `switch` had read.
//
// The exit status is always 0: a prompt must not show a daemon's troubles.
internal import EnvdClient
internal import EnvdCore
internal import EnvdProtocol
internal import EnvdShell
internal import EnvdSystem

/// Kept out of the way of what a shell asks most: these types are slow to meet for the first time.
@inline(never) func switchText(_ verb: ByteString, _ shell: Shell) -> [UInt8] {
    let text = SwitchText(shell, environment: ProcessEnvironment.all())
    if verb == "settle" { return text.settling() }
    guard let id = ProcessArguments.value(3), !id.isEmpty else { return text.switching(to: nil) }
    let runtime = RuntimeDirectory.ofThisUser()
    // Gone, or another user's: nothing is entered.
    guard runtime.isOwn else { return text.switching(to: nil) }
    return text.switching(to: AnswerTree(directory: runtime.path).published(ProjectID(id.description)))
}

if let verb = ProcessArguments.value(1), let shell = ProcessArguments.value(2) {
    if verb == "hello" || verb == "ask" {
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
    } else if verb == "switch" || verb == "settle", let shell = Shell(rawValue: shell.description) {
        StandardOutput.write(switchText(verb, shell))
    }
}

package import EnvdCore
package import EnvdLoop
package import EnvdProtocol
package import EnvdStore
package import EnvdSystem

/// All that a daemon is told at its start.
package struct DaemonOptions: Sendable {
    package var runtime: RuntimeDirectory
    package var paths: StorePaths
    /// The `envd-child` program.
    package var child: Path
    /// The `envd` program, which asks a driver's library in a process of its own.
    package var program: Path
    /// Where to say that the sockets are there; see `ReadyPipe`.
    package var readyDescriptor: Int32?
    /// The service manager that started this process; nil: a client or a person did.
    package var manager = ServiceNotification.ofThisProcess()
    /// Listening sockets that came from it, by name.
    package var sockets: [String: Int32]
    /// Where what shells handed over is kept for the process that follows this one.
    package var memory: KeptMemory?
    /// Where a newer `envd` will lie: the name that this one was started by where that leads to it, for a link is what
    /// an upgrade changes where each version has a directory; else `program`.
    package var upgradedProgram: Path {
        guard let name = ProcessArguments.value(0).map({ Path($0) }), name.isAbsolute,
            (try? FileSystem.canonical(name)) == (try? FileSystem.canonical(program))
        else { return program }
        return name
    }
    /// Where each command of a build gets a control group of its own; nil where we have none to divide.
    package var buildGroup: ControlGroup?
    /// How long files must rest before they are read; see `BuildStateMachine.QuietTime`.
    package var shortQuiet = Duration.milliseconds(40)
    package var longQuiet = Duration.milliseconds(400)
    /// How long edits without a rest can put off the reading.
    package var longestQuiet = Duration.seconds(3)
    /// How long a checkout of git can put it off; a lock that a dead git left does so each time.
    package var longestCheckout = Duration.seconds(10)
    /// Between two looks at every input, for what the kernel's events missed.
    package var sweepInterval = Duration.seconds(900)

    package init(
        runtime: RuntimeDirectory, paths: StorePaths, child: Path, program: Path, readyDescriptor: Int32? = nil
    ) {
        self.runtime = runtime
        self.paths = paths
        self.child = child
        self.program = program
        self.readyDescriptor = readyDescriptor
        sockets = PassedDescriptors.take()
        memory = try? KeptMemory(passed: sockets.removeValue(forKey: KeptMemory.name))
        buildGroup = manager == nil ? nil : ControlGroup.ofThisProcess()
    }
}

internal import ArgumentParser
internal import EnvdControl
internal import EnvdCore
internal import EnvdShell

/// An environment that a program can be started in.
struct ReadyEnvironment {
    let delta: Delta
    /// Canonical.
    let root: Path
    let generation: GenerationNumber?

    /// Asks the daemon, and waits for a first build that is under way.
    ///
    /// - Throws: the exit status where there is no environment, after telling how the project stands.
    init(of directory: Path, _ daemon: DaemonClient) throws {
        var reply = try daemon.call(Control.Environment.self, .init(directory: directory))
        if reply.delta == nil, reply.project.state == .building {
            printError("envd: waiting for the environment of `\(reply.project.root)`")
            _ = try daemon.call(
                Control.Wait.self, Control.Wait.Parameters(directory: directory, timeoutMilliseconds: nil))
            reply = try daemon.call(Control.Environment.self, .init(directory: directory))
        }
        guard let delta = reply.delta else { throw notReady(reply.project) }
        self.delta = delta
        root = reply.project.root
        generation = reply.project.current?.number
    }

    /// The environment of a shell that has switched to it: its hook goes on from there.
    func entered(from outside: [ByteString: ByteString]) -> [ByteString: ByteString] {
        let answer = Answer(root: root, generation: generation, delta: delta)
        return EnvironmentSwitch(outside, to: answer, scripts: false).environment
    }
}

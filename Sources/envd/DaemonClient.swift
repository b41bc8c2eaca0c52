internal import EnvdClient
internal import EnvdControl
internal import EnvdCore
internal import EnvdProtocol
internal import EnvdSystem

/// Calls to the daemon, which is started where none answers.
struct DaemonClient {
    private let connection: ControlConnection

    /// - Throws: exit status 69: no daemon, and none could be started.
    init(startingDaemon: Bool = true) throws(CommandFailure) {
        do {
            connection = try ControlConnection(runtime: .ofThisUser(), startingDaemon: startingDaemon)
        } catch {
            throw CommandFailure(error, .daemonUnavailable)
        }
    }

    /// One call and its reply.
    func call<Method: ControlMethod>(_ method: Method.Type, _ parameters: Method.Parameters) throws -> Method.Reply {
        do {
            try connection.send(try ControlCoding.call(method, parameters))
            if let frame = try connection.receive() {
                return try ControlCoding.value(Method.Reply.self, ofReply: frame)
            }
        } catch let error as SystemError {
            throw CommandFailure(Diagnostic("could not talk to the daemon: \(error.cause)"), .daemonUnavailable)
        }
        throw CommandFailure(
            Diagnostic(
                "the daemon went away", hint: "try again; its last words are in `daemon.log` of its runtime directory"),
            .daemonUnavailable)
    }

    /// Gives the daemon this shell's PATH, proxies and credentials, for the engines.
    func handOverEnvironment() throws {
        let variables = HandedEnvironment.selected(from: ProcessEnvironment.all())
        _ = try call(Control.HandOver.self, Control.HandOver.Parameters(variables: variables))
    }
}

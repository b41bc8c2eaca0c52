internal import EnvdClient
internal import EnvdControl
internal import EnvdCore
internal import EnvdProtocol
internal import EnvdSystem

/// Calls to the daemon, which is started where none answers, and replaced, once, where it is an older one.
struct DaemonClient {
    /// Between two looks at a daemon that is silent: milliseconds.
    private static let look: Int64 = 2000
    /// How many of them a daemon may take to say who it is.
    private static let looks = 6

    private let connection: ControlConnection
    private let runtime: RuntimeDirectory

    /// - Parameter startingDaemon: false: takes the daemon that is there, whatever its age.
    /// - Throws: exit status 69: no daemon, and none could be started, or one that hangs.
    init(runtime: RuntimeDirectory = .ofThisUser(), startingDaemon: Bool = true) throws {
        self.runtime = runtime
        let (first, version) = try Self.greeted(runtime, startingDaemon: startingDaemon)
        if startingDaemon, Version.isNewer(than: version), Replacement(runtime).begin() {
            try Self.stop(first)
            connection = try Self.greeted(runtime, startingDaemon: true).0
        } else {
            connection = first
        }
    }

    /// One call and its reply, for which a daemon that lives may take as long as it needs.
    func call<Method: ControlMethod>(_ method: Method.Type, _ parameters: Method.Parameters) throws -> Method.Reply {
        try Self.value(of: method, on: connection, parameters) { [runtime] _ in
            _ = try Self.greeted(runtime, startingDaemon: false)
        }
    }

    /// One call and its replies, for as long as they come and `body` gives true.
    ///
    /// - Parameters:
    ///   - pause: after as many milliseconds without a reply `body` is given nil.
    /// - Returns: whether the daemon went away.
    func replies<Method: ControlMethod>(
        to method: Method.Type, _ parameters: Method.Parameters, pause: Int64,
        _ body: (Method.Reply?) throws -> Bool
    ) throws -> Bool {
        let call = try ControlCoding.call(method, parameters, more: true)
        do throws(SystemError) {
            try connection.send(call, until: .after(milliseconds: Self.look))
        } catch {
            if error.code == SystemError.timedOut { throw Self.silence(of: connection) }
            return true
        }
        while true {
            let frame: [UInt8]?
            do throws(SystemError) {
                frame = try connection.receive(until: .after(milliseconds: pause))
            } catch {
                guard error.code == SystemError.timedOut else { return true }
                if connection.daemonProcess.map(ProcessFacts.isStopped) == true { throw Self.silence(of: connection) }
                guard try body(nil) else { return false }
                continue
            }
            guard let frame else { return true }
            let isLast = !ControlCoding.continues(afterReply: frame)
            guard try body(try ControlCoding.value(Method.Reply.self, ofReply: frame)), !isLast else { return false }
        }
    }

    /// Gives the daemon this shell's PATH, proxies and credentials, for the engines.
    func handOverEnvironment() throws {
        let variables = HandedEnvironment.selected(from: ProcessEnvironment.all())
        _ = try call(Control.HandOver.self, Control.HandOver.Parameters(variables: variables))
    }

    /// A connection to a daemon that answers, and its version; nil from one that does not know the question.
    private static func greeted(
        _ runtime: RuntimeDirectory, startingDaemon: Bool
    ) throws -> (ControlConnection, version: String?) {
        let connection: ControlConnection
        do {
            connection = try ControlConnection(runtime: runtime, startingDaemon: startingDaemon)
        } catch {
            throw CommandFailure(error, .daemonUnavailable)
        }
        do {
            let info = try value(of: VarlinkService.GetInfo.self, on: connection, .init()) { count in
                if count >= looks { throw silence(of: connection) }
            }
            return (connection, info.version)
        } catch is Diagnostic {
            return (connection, nil)
        }
    }

    /// Ends an older daemon; what it was building, the next one builds again.
    private static func stop(_ connection: ControlConnection) throws {
        // One that does not know the call goes on, and so does the client.
        guard (try? value(of: Control.Stop.self, on: connection, .init(), onSilence: { _ in })) != nil else { return }
        // The connection ends with the process.
        guard (try? connection.receive(until: .after(milliseconds: 30_000))) == nil else { return }
    }

    /// - Parameter onSilence: called after each look's time, with the number of looks so far.
    private static func value<Method: ControlMethod>(
        of method: Method.Type, on connection: ControlConnection, _ parameters: Method.Parameters,
        onSilence: (Int) throws -> Void
    ) throws -> Method.Reply {
        do {
            try connection.send(
                try ControlCoding.call(method, parameters), until: .after(milliseconds: look * Int64(looks)))
            if let frame = try frame(on: connection, onSilence: onSilence) {
                return try ControlCoding.value(Method.Reply.self, ofReply: frame)
            }
        } catch let error as SystemError {
            if error.code == SystemError.timedOut { throw silence(of: connection) }
            throw CommandFailure(Diagnostic("could not talk to the daemon: \(error.cause)"), .daemonUnavailable)
        }
        throw CommandFailure(
            Diagnostic(
                "the daemon went away", hint: "try again; its last words are in `daemon.log` of its runtime directory"),
            .daemonUnavailable)
    }

    private static func frame(on connection: ControlConnection, onSilence: (Int) throws -> Void) throws -> [UInt8]? {
        var count = 0
        while true {
            do throws(SystemError) {
                return try connection.receive(until: .after(milliseconds: look))
            } catch {
                guard error.code == SystemError.timedOut else { throw error }
            }
            count += 1
            if connection.daemonProcess.map(ProcessFacts.isStopped) == true { throw silence(of: connection) }
            try onSilence(count)
        }
    }

    /// A daemon that is there and does not answer.
    private static func silence(of connection: ControlConnection) -> CommandFailure {
        let process = connection.daemonProcess
        let name = process.map { " (process \($0))" } ?? ""
        if let process, ProcessFacts.isStopped(process) {
            let cause = "could not talk to the daemon\(name): it is stopped"
            return CommandFailure(Diagnostic(cause, hint: "`kill -CONT \(process)` lets it go on"), .daemonUnavailable)
        }
        let hint = process.map { "`kill -KILL \($0)`, and the next command starts another" }
        return CommandFailure(
            Diagnostic("could not talk to the daemon\(name): it does not answer", hint: hint), .daemonUnavailable)
    }
}

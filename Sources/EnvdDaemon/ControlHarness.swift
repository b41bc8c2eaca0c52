internal import EnvdControl
internal import EnvdCore
internal import EnvdLoop

/// Decodes a call, has the service do it and encodes what came of it: a few lines a verb.
@LoopActor final class ControlHarness {
    private let service: DaemonService

    init(_ service: DaemonService) { self.service = service }

    /// What a call comes to.
    enum Outcome {
        /// One reply: its frame without the NUL.
        case reply([UInt8])
        /// The client wants none.
        case silence
        /// Replies for as long as the client listens.
        case monitor(StatusMonitor)
    }

    /// - Parameter frame: of the call, without its NUL.
    func handle(_ frame: [UInt8]) async -> Outcome {
        guard let call = try? ControlCoding.Call(frame: frame) else {
            return .reply(ControlCoding.failure(.invalidParameter("method")))
        }
        service.noteUse()
        let reply: [UInt8]
        if call.wantsUpgrade {
            reply = ControlCoding.failure(.methodNotImplemented(call.method))
        } else if call.method == Control.Monitor.name {
            do {
                if !call.isOneway { return .monitor(try await monitor(call)) }
                reply = []
            } catch {
                reply = failure(error)
            }
        } else {
            reply = await self.reply(to: call)
        }
        return call.isOneway ? .silence : .reply(reply)
    }

    private func monitor(_ call: ControlCoding.Call) async throws -> StatusMonitor {
        guard call.wantsMore else { throw VarlinkError.expectedMore }
        let parameters = try call.parameters(Control.Monitor.Parameters.self)
        try Self.check(parameters.directory)
        return try await service.monitor(parameters.directory, brief: parameters.brief ?? false)
    }

    private static func check(_ directory: Path?) throws {
        guard directory?.isAbsolute ?? true else { throw VarlinkError.invalidParameter("directory") }
    }

    private func failure(_ error: any Error) -> [UInt8] {
        if let diagnostic = error as? Diagnostic { return ControlCoding.failure(diagnostic) }
        if let error = error as? VarlinkError ?? VarlinkError(error) { return ControlCoding.failure(error) }
        return ControlCoding.failure(Diagnostic("could not do that: \(error)"))
    }

    private func reply(to call: ControlCoding.Call) async -> [UInt8] {
        do {
            let directory = call.directory
            try Self.check(directory)
            if call.method != Control.Allow.name, let directory {
                await service.meetWorktree(around: directory)
            }
            switch call.method {
            case VarlinkService.GetInfo.name:
                return try ControlCoding.reply(VarlinkService.GetInfo.Reply(version: Version.text))
            case VarlinkService.GetInterfaceDescription.name:
                return try await reply(VarlinkService.GetInterfaceDescription.self, call) { wanted in
                    guard let file = InterfaceFile.all.first(where: { $0.name == wanted.interface }) else {
                        throw VarlinkError.interfaceNotFound(wanted.interface)
                    }
                    return .init(description: file.text)
                }
            case Control.Stop.name:
                service.onStop()
                return try ControlCoding.reply(Control.Stop.Reply())
            case Control.Allow.name:
                return try await reply(Control.Allow.self, call) { [service] in try await service.allow($0) }
            case Control.Deny.name:
                return try await reply(Control.Deny.self, call) { [service] in
                    ProjectReply(try await service.deny($0.directory))
                }
            case Control.Forget.name:
                return try await reply(Control.Forget.self, call) { [service] in
                    try await service.forget($0.directory, purge: $0.purge ?? false)
                }
            case Control.Status.name:
                return try await reply(Control.Status.self, call) { [service] in
                    try await service.status(of: $0.directory, brief: $0.brief ?? false)
                }
            case Control.Wait.name:
                return try await reply(Control.Wait.self, call) { [service] in
                    ProjectReply(
                        try await service.wait(
                            for: $0.directory, timeout: $0.timeoutMilliseconds.map { .milliseconds($0) }))
                }
            case Control.Build.name:
                return try await reply(Control.Build.self, call) { [service] in
                    ProjectReply(try service.build($0.directory))
                }
            case Control.Update.name:
                return try await reply(Control.Update.self, call) { [service] in
                    ProjectReply(try await service.update($0.directory, packages: $0.packages))
                }
            case Control.Lock.name:
                return try await reply(Control.Lock.self, call) { [service] in
                    try await service.lock($0.directory, upgrade: $0.upgrade, packages: $0.packages)
                }
            case Control.Log.name:
                return try await reply(Control.Log.self, call) { [service] in try service.log(of: $0.directory) }
            case Control.Environment.name:
                return try await reply(Control.Environment.self, call) { [service] in
                    try service.environment(of: $0.directory, generation: $0.generation)
                }
            case Control.HandOver.name:
                return try await reply(Control.HandOver.self, call) { [service] in
                    let pairs = $0.variables.filter { $0.count == 2 }.map { ($0[0], $0[1]) }
                    service.handOver(Dictionary(pairs) { first, _ in first })
                    return Control.HandOver.Reply()
                }
            case Control.Engines.name:
                return try await reply(Control.Engines.self, call) { [service] in
                    Control.Engines.Reply(engines: try await service.engines(installing: $0.install))
                }
            case Control.History.name:
                return try await reply(Control.History.self, call) { [service] in
                    try await service.history(of: $0.directory)
                }
            case Control.Diff.name:
                return try await reply(Control.Diff.self, call) { [service] in
                    try await service.difference(in: $0.directory, from: $0.from, to: $0.to)
                }
            case Control.Rollback.name:
                return try await reply(Control.Rollback.self, call) { [service] in
                    ProjectReply(try await service.rollBack($0.directory, to: $0.generation))
                }
            case Control.CollectGarbage.name:
                return try await reply(Control.CollectGarbage.self, call) { [service] in
                    // A number that counts nothing would be taken for one that does.
                    if let kept = $0.kept, kept < 0 { throw VarlinkError.invalidParameter("kept") }
                    if let age = $0.maximalAge, !(0..<1 << 40).contains(age) {
                        throw VarlinkError.invalidParameter("maximalAge")
                    }
                    return try await service.collectGarbage($0)
                }
            default:
                let interface = call.method.split(separator: ".").dropLast().joined(separator: ".")
                let isServed = InterfaceFile.all.contains { $0.name == interface }
                throw isServed ? VarlinkError.methodNotFound(call.method) : .interfaceNotFound(interface)
            }
        } catch {
            return failure(error)
        }
    }

    private func reply<Method: ControlMethod>(
        _ method: Method.Type, _ call: ControlCoding.Call,
        _ body: @LoopActor (Method.Parameters) async throws -> Method.Reply
    ) async throws -> [UInt8] {
        try ControlCoding.reply(try await body(try call.parameters(Method.Parameters.self)))
    }
}

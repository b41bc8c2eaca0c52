internal import EnvdControl
internal import EnvdCore
internal import EnvdLoop

/// Decodes a call, has the service do it and encodes what came of it: a few lines a verb.
@LoopActor final class ControlHarness {
    private let service: DaemonService

    init(_ service: DaemonService) { self.service = service }

    /// The reply frame, without its NUL, to a call frame.
    func handle(_ frame: [UInt8]) async -> [UInt8] {
        guard let call = try? ControlCoding.Call(frame: frame) else {
            return ControlCoding.failure(
                ControlCoding.badParametersName, Diagnostic("could not read the call: it is no varlink message"))
        }
        service.noteUse()
        do {
            if call.method != Control.Allow.name, let directory = call.directory {
                await service.meetWorktree(around: directory)
            }
            switch call.method {
            case VarlinkService.GetInfo.name:
                return try ControlCoding.reply(VarlinkService.GetInfo.Reply(version: Version.text))
            case Control.Stop.name:
                service.onStop()
                return try ControlCoding.reply(Control.Stop.Reply())
            case Control.Allow.name:
                return try await reply(Control.Allow.self, call) { [service] in try await service.allow($0) }
            case Control.Deny.name:
                return try await reply(Control.Deny.self, call) { [service] in try await service.deny($0.directory) }
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
                    try await service.wait(
                        for: $0.directory, timeout: $0.timeoutMilliseconds.map { .milliseconds($0) })
                }
            case Control.Build.name:
                return try await reply(Control.Build.self, call) { [service] in try service.build($0.directory) }
            case Control.Update.name:
                return try await reply(Control.Update.self, call) { [service] in
                    try await service.update($0.directory, packages: $0.packages)
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
                    try await service.rollBack($0.directory, to: $0.generation)
                }
            case Control.CollectGarbage.name:
                return try await reply(Control.CollectGarbage.self, call) { [service] in
                    try await service.collectGarbage($0)
                }
            default:
                return ControlCoding.failure(
                    ControlCoding.unknownMethodName, Diagnostic("could not call `\(call.method)`: no such method"))
            }
        } catch let diagnostic as Diagnostic {
            return ControlCoding.failure(ControlCoding.failureName, diagnostic)
        } catch {
            return ControlCoding.failure(
                ControlCoding.badParametersName, Diagnostic("could not call `\(call.method)`: \(error)"))
        }
    }

    private func reply<Method: ControlMethod>(
        _ method: Method.Type, _ call: ControlCoding.Call,
        _ body: @LoopActor (Method.Parameters) async throws -> Method.Reply
    ) async throws -> [UInt8] {
        try ControlCoding.reply(try await body(try call.parameters(Method.Parameters.self)))
    }
}

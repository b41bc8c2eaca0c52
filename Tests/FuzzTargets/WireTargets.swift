internal import EnvdControl
internal import EnvdCore
internal import EnvdProtocol
internal import EnvdStore

extension FuzzTarget {
    /// What comes over the sockets, out of a shell's environment and out of the store.
    static let wire: [FuzzTarget] = [
        FuzzTarget("hook-frame") { bytes in
            _ = HookRequest.announcedLength(bytes)
            guard let request = HookRequest(body: bytes) else { return }
            demand(HookRequest(body: Array(request.encoded.dropFirst(4))) == request, "a request is not what it says")
        },
        FuzzTarget("control-frame") { bytes in
            guard let call = try? ControlCoding.Call(frame: bytes) else { return }
            _ = try? call.parameters(Control.Environment.Parameters.self)
            _ = try? call.parameters(Control.Wait.Parameters.self)
            _ = try? call.parameters(Control.Lock.Parameters.self)
            _ = try? call.parameters(Control.Allow.Parameters.self)
            guard let parameters = try? call.parameters(ProjectParameters.self),
                let reply = try? ControlCoding.reply(parameters, continues: call.wantsMore)
            else { return }
            let told = try? ControlCoding.value(ProjectParameters.self, ofReply: reply)
            demand(told?.directory == parameters.directory, "a path changed on its way")
            demand(ControlCoding.continues(afterReply: reply) == call.wantsMore, "a reply is not what it says")
        },
        FuzzTarget("control-reply") { _ = try? ControlCoding.value(StatusReport.self, ofReply: $0) },
        FuzzTarget("generation-record") { _ = try? ControlCoding.decode(GenerationRecord.self, from: $0) },
        FuzzTarget("undo", limit: 1024) { bytes in
            let undo = Undo(text: ByteString(bytes))
            demand(Undo(text: undo.text).text == undo.text, "what is to be undone changed on its way")
        },
    ]
}

internal import EnvdCore
internal import EnvdLoop
internal import EnvdStore

/// Builds that failed for want of the network.
extension ProjectSupervisor {
    /// The failure that was just reported is tried again by itself where the network was to blame.
    func planRetry(_ diagnostic: Diagnostic, key: Fingerprint?) {
        guard diagnostic.needsNetwork == true, let key else { return context.network.end(project.id) }
        context.network.failed(project.id, key: key) { [weak self] in self?.retry($0) }
    }

    private func retry(_ reason: String) {
        guard failure?.diagnostic.needsNetwork == true else { return context.network.end(project.id) }
        // No input has to change for it.
        failure?.inputs = nil
        check(reason: reason)
    }

    /// The failure as `envd status` tells it: with when it is tried again.
    var toldFailure: Diagnostic? {
        guard var told = failure?.diagnostic else { return nil }
        if told.needsNetwork == true, let pause = context.network.pause(project.id) {
            told.hint =
                "check the network or proxy; it is tried again in \(RetryPolicy.words(pause)), when the network is back, or now by `envd build`"
        }
        return told
    }
}

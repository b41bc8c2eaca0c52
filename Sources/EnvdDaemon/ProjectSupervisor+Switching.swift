internal import EnvdCore
internal import EnvdEngines
internal import EnvdLoop
internal import EnvdStore
internal import EnvdSystem
internal import Logging

/// One generation takes another one's place.
extension ProjectSupervisor {
    /// Makes a generation current that was built before; where files of its packages were changed since, one like it is
    /// built.
    func switchTo(_ number: GenerationNumber) {
        guard let prefix = generations.first(where: { $0.number == number })?.prefix else {
            // It was removed while a build was being cancelled.
            return check()
        }
        switchingTo = number
        let generation = generations.first { $0.number == number }
        // Its user may have it as it is.
        let isWished = wish?.number == number || pin?.generation == number
        loopTask {
            // What was said of the lock file was said of another one.
            let (staleLock, damage) = await WorkerPool.shared.run {
                (GenerationBuilder.resolution(in: prefix)?.staleLock, isWished ? [] : generation?.damage ?? [])
            }
            if let first = damage.first {
                self.log.write("generation \(number) is not taken again: \(first)")
                self.damaged.insert(number)
                self.check(reason: "generation \(number) was changed by hand")
                self.switchingTo = nil
                return
            }
            self.staleLock = staleLock
            await self.makeCurrent(number)
            self.switchingTo = nil
            self.perform([])
        }
    }

    /// The one atomic switch: database, published answers, link. What fails leaves the old one current.
    func makeCurrent(_ number: GenerationNumber) async {
        let losses = losses(at: number)
        let pin = pin(for: number)
        var changed: [Generation] = []
        for var generation in generations where generation.state == .current || generation.number == number {
            let isNext = generation.number == number
            generation.retired = isNext ? nil : Timestamp.now
            generation.state = isNext ? .current : .retired
            changed.append(generation)
        }
        do {
            try await context.store.save(changed, pin: pin, for: project.id)
            try await context.store.save(nil as Store.Failure?, for: project.id)
        } catch {
            return report(
                Diagnostic("could not switch to the new environment: \(error)", hint: "try `envd build`"), key: nil)
        }
        for generation in changed {
            guard let index = generations.firstIndex(where: { $0.number == generation.number }) else { continue }
            generations[index] = generation
        }
        if pin != self.pin {
            let file = PinFile(in: context.tree.directory(of: project))
            // The database has it: this is for a lost one.
            await WorkerPool.shared.run { try? file.write(pin) }
        }
        self.pin = pin
        failure = nil
        context.network.end(project.id)
        lost = losses
        if !lost.isEmpty {
            log.write("not in it, for it was put in by hand: \(lost.map(\.description).joined(separator: ", "))")
        }
        if let key = running?.request.key { context.publisher.publishNews(notice.news(of: key)) }
        publish()
        // The link is for editors; whoever waits for it finds the shells told already.
        do throws(SystemError) {
            try context.tree.makeCurrent(number, of: project)
        } catch {
            context.logger.warning("could not point `current` at the environment", metadata: ["cause": "\(error)"])
        }
        await removeUnused()
    }

    /// What was put into the current generation by hand and is not in the one to come.
    private func losses(at number: GenerationNumber) -> [Drift.Distribution] {
        guard let current, current.number != number, let drift = current.drift,
            let next = generations.first(where: { $0.number == number }), let contents = PrefixContents(of: next.prefix)
        else { return [] }
        return drift.lost(in: contents)
    }

    /// Keeps a whole generation that did not become current.
    func retire(_ number: GenerationNumber) async {
        guard let index = generations.firstIndex(where: { $0.number == number }) else { return }
        generations[index].state = .retired
        generations[index].retired = generations[index].made
        try? await context.store.save([generations[index]])
    }
}

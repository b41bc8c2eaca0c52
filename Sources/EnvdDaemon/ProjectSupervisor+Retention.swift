internal import EnvdCore
internal import EnvdLoop
internal import EnvdManifest
internal import EnvdStore
internal import EnvdSystem
internal import Logging

/// Generations that nobody needs any more.
extension ProjectSupervisor {
    /// Removes retired generations beyond those that stay for a way back.
    func removeUnused() async {
        guard generations.contains(where: { $0.state == .retired }) else { return }
        let (candidates, root, options) = (generations, project.root, context.options)
        let removable = await WorkerPool.shared.run {
            let policy = RetentionPolicy(
                kept: UserSettings.ofThisUser().keptGenerations ?? RetentionPolicy.defaultCount)
            guard !policy.candidates(candidates).isEmpty else { return [Generation]() }
            let users = PrefixUsers(below: options.paths.projects, except: options.program, runtime: options.runtime)
            return policy.removable(candidates) { !users.users(of: $0, root: root).isEmpty }
        }
        for generation in removable {
            do {
                try await discard(generation.number)
            } catch {
                context.logger.warning("\(error)")
            }
        }
    }

    /// Removes a retired generation.
    ///
    /// - Returns: false where it is not retired (any more), or just about to be current again.
    /// - Throws: what kept its files; the database forgets it all the same, for no half of it may be offered.
    @discardableResult
    func discard(_ number: GenerationNumber) async throws(Diagnostic) -> Bool {
        guard let index = generations.firstIndex(where: { $0.number == number }),
            generations[index].state == .retired, switchingTo != number, wish?.number != number
        else { return false }
        // From here on no demand finds it.
        var generation = generations.remove(at: index)
        do {
            generation.state = .deleting
            try await context.store.save([generation])
        } catch {
            generation.state = .retired
            generations.append(generation)
            generations.sort { $0.number < $1.number }
            throw Diagnostic("could not remove generation \(number) of `\(project.root)`: \(error)")
        }
        let (tree, project) = (context.tree, project)
        let removal = await WorkerPool.shared.run { () -> Result<Void, SystemError> in
            do throws(SystemError) { return .success(try tree.remove(number, of: project)) } catch {
                return .failure(error)
            }
        }
        do {
            try removal.get()
            try await context.store.remove(number, of: project.id)
        } catch {
            // The row stays, and the next start tries again.
            throw Diagnostic("could not remove generation \(number) of `\(project.root)`: \(error)")
        }
        return true
    }

    /// Puts down how much disk generations take, as just measured.
    func note(sizes: [GenerationNumber: ByteSize]) async {
        var changed: [GenerationNumber: ByteSize] = [:]
        for index in generations.indices {
            let number = generations[index].number
            guard let size = sizes[number], generations[index].size != size else { continue }
            generations[index].size = size
            changed[number] = size
        }
        if !changed.isEmpty { try? await context.store.save(sizes: changed, of: project.id) }
    }
}

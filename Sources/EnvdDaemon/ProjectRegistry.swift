internal import EnvdCore
internal import EnvdLoop
internal import EnvdStore

/// Every project that the user has spoken about, by id and by place.
@LoopActor final class ProjectRegistry {
    private(set) var supervisors: [ProjectID: ProjectSupervisor] = [:]
    private var byRoot: [Path: ProjectID] = [:]
    /// Told of a project that came or went.
    var onChange: @LoopActor (ProjectID) -> Void = { _ in }

    func add(_ supervisor: ProjectSupervisor) {
        supervisors[supervisor.project.id] = supervisor
        byRoot[supervisor.project.root] = supervisor.project.id
        onChange(supervisor.project.id)
    }

    func remove(_ supervisor: ProjectSupervisor) {
        supervisors[supervisor.project.id] = nil
        byRoot[supervisor.project.root] = nil
        onChange(supervisor.project.id)
    }

    subscript(_ id: ProjectID) -> ProjectSupervisor? { supervisors[id] }

    /// The project whose root is exactly this directory.
    func project(at root: Path) -> ProjectSupervisor? { byRoot[root].flatMap { supervisors[$0] } }

    /// The nearest project at or above a directory.
    func project(around directory: Path) -> ProjectSupervisor? {
        directory.selfAndAncestors.lazy.compactMap { self.project(at: $0) }.first
    }

    /// All, by root.
    var all: [ProjectSupervisor] { supervisors.values.sorted { $0.project.root < $1.project.root } }
}

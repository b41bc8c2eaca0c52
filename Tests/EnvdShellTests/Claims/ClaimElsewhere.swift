/// A line of the page that needs a daemon or a real build, and so is tried where those are.
struct ClaimElsewhere: Sendable {
    let section: Claim.Section
    let sentence: String
    /// File names below Tests, without `.swift`, each with what stands in it: the test's own sentence or a part of it.
    let tests: [(suite: String, sentence: String)]

    var suites: [String] {
        var seen: Set<String> = []
        return tests.map(\.suite).filter { seen.insert($0).inserted }
    }

    private init(_ section: Claim.Section, _ sentence: String, _ tests: (suite: String, sentence: String)...) {
        self.section = section
        self.sentence = sentence
        self.tests = tests
    }

    static let all: [ClaimElsewhere] = [
        .init(
            .quietAndCheap, "a daemon that is stopped or was killed holds no shell, and ready projects still activate",
            ("EndToEndTests/DaemonLifeTests", "a daemon that is stopped holds no shell"),
            ("EndToEndTests/StoppedDaemonTests", "answers no question and holds no prompt for it: one notice"),
            ("EndToEndTests/DaemonLifeTests", "a daemon that was killed holds no shell, and the hook starts another")),
        .init(
            .undo, "the system's git, ssh and curl start inside every environment",
            ("EnvdEnginesTests/LibrariesTests", "the system's programs start with `safe`")),
        .init(
            .shells, "a name that is no identifier is refused, never evaluated",
            ("EnvdCoreTests/CanonicalEncodingTests", "only identifiers are names")),
        .init(
            .pythonAndConda, "the field's usual environment.yml is active in every shell, and leaving restores all",
            ("EndToEndTests/CondaTests", "the field's usual environment.yml is active in every shell")),
        .init(
            .pythonAndConda, "what pip put in by hand is shown and stays while the manifests stay",
            ("EndToEndTests/DriftTests", "what pip put in by hand is shown")),
        .init(
            .pythonAndConda, "what `uv add` names in the manifest is not lost",
            ("EndToEndTests/DriftTests", "what a tool added and named in the manifest is not lost")),
        .init(
            .pythonAndConda, "what Poetry would read alone is built, and `poetry` means E",
            ("EndToEndTests/PoetryTests", "envd installs its own Poetry on first need")),
        .init(
            .daemon, "a failing build leaves the old environment, and what is wrong is named with its place",
            ("EndToEndTests/BadInputTests", "the environment stays, status names file, line and a hint")),
        .init(
            .daemon, "rename-over saves, files that come and go and links that turn elsewhere are seen",
            ("EndToEndTests/ManifestTests", "saves by rename, a manifest that comes and goes"),
            ("EnvdDaemonTests/InputWatcherTests", "saves in place and by rename, files that come and go")),
        .init(
            .daemon, "includes are followed, neighbouring files cause nothing",
            ("EndToEndTests/ManifestTests", "an edit of an included requirements file or constraint is built"),
            ("EnvdDaemonTests/InputWatcherTests", "neighbouring files and unwatched projects cause nothing")),
        .init(
            .daemon, "twenty edits during a build cause at most one more build, of the last state",
            ("EndToEndTests/ManifestTests", "twenty edits during a build cause at most one more build")),
        .init(
            .daemon, "a second daemon refuses to start; SIGTERM ends children, removes the sockets and exits 0",
            ("EndToEndTests/DaemonLifeTests", "a second daemon says that there is one and ends with 69")),
        .init(
            .daemon, "a stale socket is taken over",
            ("EndToEndTests/DaemonLifeTests", "a socket that a dead daemon left is taken over")),
        .init(
            .daemon, "after SIGKILL the next start is clean, and nothing half-built is ever offered",
            ("EndToEndTests/DaemonLifeTests", "a daemon that is killed during a build leaves nothing half-built"),
            ("EnvdDaemonTests/RecoveryTests", "The start after a daemon that was killed")),
        .init(
            .daemon, "a build that is cancelled takes every process of its tree along",
            ("EnvdLoopTests/ChildEndingTests", "cancellingLeavesNoProcessOfTheTree")),
        .init(
            .daemon, "an edit is importable at a later prompt, no prompt is held, and the way back takes no engine",
            ("EndToEndTests/JourneyTests", "a dependency that is added is importable at a later prompt"),
            ("EndToEndTests/JourneyTests", "back to an earlier spec is back to its environment")),
        .init(
            .trust, "in a project that is not allowed nothing of it runs; the shell says once what to type",
            ("EndToEndTests/TrustTests", "Nothing of a project runs before its user says so")),
        .init(
            .trust, "a project that is denied is left at the next prompt",
            ("EndToEndTests/TrustTests", "a denied project is left at the next prompt and not offered again")),
        .init(
            .trust, "another directory in an allowed one's place gets nothing",
            ("EndToEndTests/TrustTests", "another directory in an allowed one's place gets nothing")),
        .init(
            .trust, "who speaks on a socket is known by the kernel's word",
            ("EnvdLoopTests/UnixSocketTests", "whatIsSentComesBackAndThePeerIsKnown")),
        .init(
            .trust, "the runtime directory is made closed, and what others can write is not trusted",
            ("EnvdProtocolTests/RuntimeDirectoryTests", "it is made closed, and one that others could enter is closed"),
            ("EnvdDaemonTests/ShellEnvironmentTests", "what everybody can write is not trusted")),
    ]
}

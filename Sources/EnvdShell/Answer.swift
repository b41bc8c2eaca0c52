package import EnvdCore

// The contract between what the daemon publishes and the hooks in shell/. This is its only description.
//
// Published under DIR, which is `$XDG_RUNTIME_DIR/envd`, else `/run/user/<uid>/envd` where `/run/user/<uid>` is the
// user's, else `${TMPDIR:-/tmp}/envd-<uid>`; each file is replaced by rename, and hooks read them only where DIR is the
// user's and no link (`AnswerTree` has the names):
//
// - `state`: one line, `<protocol> <daemon pid> <serial>`. It changes whenever an answer may have changed, but for an
//   `asked` where nothing was: a hook that finds none asks. Hooks
//   compare the whole line and use the pid to see whether the daemon lives; the protocol is for programs, and texts
//   stay such that hooks of the protocol before can run them.
// - `wake`: a FIFO that is opened for writing and closed after each change of `state`: it wakes zsh at its prompt.
// - `now/<the line of state>`: an empty file, the only one there: the shortest way to see that nothing changed.
// - `news/<id of a notice>`: a line about what that notice told of, for the shells that have shown it.
// - `answers/<id of a root>`: an allowed project's answer as `AnswerFile` has it, for `envd-hook`.
// - `roots/<canonical root>/enter.<shell>`: for each allowed project, the text that enters it. Where a `PlainChange` is
//   all, it defines the short ways in and out (`PlainPosixAnswer`, `PlainFishWays`), which need no process. For a Python
//   prefix alone `plain.fish` beside fish's holds all as one line instead (`PlainFishAnswer`).
// - `roots/<canonical directory>/asked`: for a directory that the daemon was told of and that is not allowed, what
//   `ShellRenderer.asked` gives: a notice on its first line, or nothing where it is no project.
//
// A hook, at each prompt and after each change of directory:
//
// 1. At a prompt, `state` and $PWD are those of last time: nothing, but for `envd-hook hello <shell>`, once per state
//    line, when the process in it is gone. While `state` is the same, a directory without links that was looked at
//    before is remembered: as in a project whose short ways are known, or in none.
// 2. The nearest `enter.<shell>` from the working directory (without links; from $ENVD_SHELL where that is set) upwards
//    is sourced. None: leave. Where what is active is of that root, `state` may tell that it was read already.
// 3. None: from the working directory up to, and without, $HOME and /, the first directory with `asked` (its notice
//    is shown once in this shell) or with a manifest's name (`envd-hook ask <shell>` is run and its output evaluated;
//    it runs in the working directory).
//
// Short ways serve where nobody touched what an answer sets, inside or before. Everything else goes the long way:
// `envd-hook switch <shell> [ID]` reads the answer with that id and the shell's variables, and prints what changes them
// (`SwitchText`); it asks nobody.
//
// The first look of a shell runs `envd-hook hello <shell>` once, before anything else; its output is evaluated. So does
// the first prompt after another daemon's pid appeared in `state`: that one has not been given the shell's variables.
// Subshells show nothing and ask nobody. `ENVD_HOOK` names another envd-hook (tests). ENVD_DISABLE, not empty while the
// hook is loaded, keeps it out.
//
// Published and printed texts call these, and set variables themselves; all have status 0:
//
//     _envd_take IN VERSION ID NAME…
//                             enters by the function IN (empty where there is no short way), else the long way; nothing
//                             where VERSION is active. NAMEs may be variables that are not exported
//     _envd_take VERSION ID [IN]
//                             the same in fish
//     _envd_switch [ID]       the long way; without ID, out of whatever is active
//     _envd_run VERB SHELL…   runs envd-hook and evaluates what it prints
//     _envd_label NAME        "(NAME) " before the prompt; an empty one takes it away
//     _envd_notice ID TEXT    one line for people on standard error, once per ID in a shell; after an ID that begins
//                             with `building-`, the line of `news/<ID>` at a later prompt, once it is there
//     _envd_hello NAME…       the daemon waits for these variables: `envd-hook hello <shell> NAME…`, once per daemon
//                             in a shell
//
// In bash and zsh a short way in keeps PATH as it was in `_envd_outside` and all that it set in `_envd_inside`, itself in
// `_envd_active`, the way out in `_envd_undo` (false where something was touched), the answer's version in
// `_envd_version`, $PWD in `_envd_last` and the label in `_envd_shown`. In fish it keeps the version in `_envd_long`, the
// way out in `_envd_out`, what that compares in `_envd_inside` and the label in `_envd_shown`.
//
// What is active is tracked in exported variables, so that a child shell of any kind can leave:
//
//     ENVD_ROOT      the project
//     ENVD_UNDO      what leaving has to know (`Undo`)
//     ENVD_PROMPT    for prompts (`PromptText`)
//
// How leaving and changing work, `EnvironmentSwitch` tells. The first look of a shell enters again what it inherited, for
// a login shell may have set PATH anew.

/// What a hook is told about one allowed project.
package struct Answer: Hashable, Sendable {
    /// Canonical.
    package var root: Path
    /// Nil while there is no environment yet: going there leaves an outer project's.
    package var generation: GenerationNumber?
    /// Means nothing without a generation.
    package var delta: Delta
    package var notice: Notice?
    /// Variables that a build waits for.
    package var wants: [VariableName]
    package var prompt: PromptText

    /// - Parameter prompt: without it, what the prompt shows of `delta` (else the root's name), and whether it is there.
    package init(
        root: Path, generation: GenerationNumber?, delta: Delta = Delta(), notice: Notice? = nil,
        wants: [VariableName] = [], prompt: PromptText? = nil
    ) {
        self.prompt =
            prompt
            ?? PromptText(name: delta.promptLabel ?? root.name, state: generation == nil ? .building : .ready)
        self.root = root
        self.generation = generation
        self.delta = delta
        self.notice = notice
        self.wants = wants
    }
}

/// One line for people, shown once in each shell.
package struct Notice: Hashable, Sendable {
    /// A shell that has shown this id shows it no more.
    package var id: String
    package var text: String

    /// Without an `id`, the text is its own: the notice that `asked` holds counts as this one.
    package init(_ text: String, id: String? = nil) {
        self.text = text
        self.id = id ?? text
    }
}

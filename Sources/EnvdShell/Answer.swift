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
// - `now/<the line of state>`: an empty file, the only one there: the shortest way to see that nothing changed.
// - `news/<id of a notice>`: a line about what that notice told of, for the shells that have shown it.
// - `roots/<canonical root>/enter.<shell>`: for each allowed project, the text that enters it. In the plain case
//   (a Python prefix) bash's and zsh's defines the short ways in and out (`PlainPosixAnswer`) and refers to
//   `full.<shell>` beside it, and `plain.fish` beside fish's holds all as one line (`PlainFishAnswer`).
// - `roots/<canonical directory>/asked`: for a directory that the daemon was told of and that is not allowed, what
//   `ShellRenderer.asked` gives: a notice on its first line, or nothing where it is no project.
//
// A hook, at each prompt and after each change of directory:
//
// 1. At a prompt, `state` and $PWD are those of last time: nothing, but for `envd-hook hello <shell>`, once per state
//    line, when the process in it is gone. While `state` is the same, a directory without links that was looked at
//    before is remembered: as in a project whose short ways are known, or in none.
// 2. The nearest `enter.<shell>` from the working directory (without links) upwards is sourced. None: leave.
//    Where what is active is of that root, `state` may tell that it was read already.
// 3. None: from the working directory up to, and without, $HOME and /, the first directory with `asked` (its notice
//    is shown once in this shell) or with a manifest's name (`envd-hook ask <shell>` is run and its output evaluated;
//    it runs in the working directory).
//
// The first look of a shell runs `envd-hook hello <shell>` once, before anything else; its output is evaluated. So does
// the first prompt after another daemon's pid appeared in `state`: that one has not been given the shell's variables.
// Subshells source answers, but run no process and show nothing. `ENVD_HOOK` names another envd-hook (tests).
// ENVD_DISABLE, not empty while the hook is loaded, keeps it out.
//
// Published and printed texts call these, and set scalars themselves; all have status 0 but `_envd_enter`:
//
//     _envd_enter ROOT GENERATION LISTS SCALARS [SET]
//                             true where the shell has to apply what follows, up to `_envd_entered`; LISTS and SCALARS
//                             are the names that follow, with colons between; SET is empty where no scalar is set
//     _envd_add NAME ENTRIES  entries (with colons between) in front of a list; none: those of before go
//     _envd_append NAME ENTRIES
//                             at the end of a list, those that it has not got
//     _envd_extend NAME BEFORE AFTER OTHERWISE
//                             a scalar made of what it is outside
//     _envd_conda VARIABLES   CONDA_SHLVL and what goes with it, as `conda activate --stack` counts; before any scalar
//     _envd_mark NAME ENTRIES entries that scripts are about to put into a list (bash, zsh)
//     _envd_scripts LEAVING SCALARS ENTERING
//                             sources conda's scripts (bash, zsh): paths and names with colons between
//     _envd_entered           the end of the change
//     _envd_leave             leaves whatever is active: a project that has no environment yet
//     _envd_label NAME        "(NAME) " before the prompt
//     _envd_notice ID TEXT    one line for people on standard error, once per ID in a shell; after an ID that begins
//                             with `building-`, the line of `news/<ID>` at a later prompt, once it is there
//     _envd_hello NAME…       the daemon waits for these variables: `envd-hook hello <shell> NAME…`, once per daemon
//                             in a shell
//
// In bash and zsh a text that defines short ways names the way in, which is true where it could be taken, in the
// caller's `_envd_id`. It keeps PATH as it was and as it is in `_envd_outside` and `_envd_inside`, itself in
// `_envd_active`, the way out in `_envd_undo` (false where something was touched), $PWD in `_envd_last` and the label in
// `_envd_shown`.
//
// What is active is tracked in exported variables, so that a child shell of any kind can leave:
//
//     ENVD_ROOT, ENVD_GENERATION    what is active; both unset outside
//     ENVD_LISTS                    names, with colons between, of lists that we added to
//     ENVD_ADDED_<NAME>             our entries, with colons between
//     ENVD_SCALARS                  names, with colons between, of variables set or hidden
//     ENVD_SET_<NAME>               our value; unset for a hidden one
//     ENVD_SCRIPTS                  conda's scripts that bash and zsh source on leaving, before anything else
//     ENVD_WAS_<NAME>               a scalar's value before; for a list, empty where it was empty, and it may be where
//                                   it held anything; unset where unset
//
// Leaving takes our entries out of lists (first match each), gives back scalars whose value is still ours, and
// unsets all of the above. From one generation to the next of the same root, our entries are replaced where the first
// of them stood, and a scalar that the user changed stays the user's. The first look of a shell enters again what it
// inherited, for a login shell may have set PATH anew; lists of names that hold anything else are dropped.

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

    package init(
        root: Path, generation: GenerationNumber?, delta: Delta = Delta(), notice: Notice? = nil,
        wants: [VariableName] = []
    ) {
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

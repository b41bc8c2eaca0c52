import EnvdShell

/// How a user may have set up a shell before the hook is loaded.
struct ShellOptions: Sendable {
    let shell: Shell
    let name: String
    /// What stands in the start-up file.
    let lines: String
    /// What the shell's program is given.
    let arguments: [String]

    private init(_ shell: Shell, _ name: String, _ lines: String = "", arguments: [String] = []) {
        self.shell = shell
        self.name = name
        self.lines = lines
        self.arguments = arguments
    }

    static let all: [ShellOptions] = [
        .init(.bash, "default"),
        .init(.bash, "strict", "set -eu -o pipefail -o noclobber"),
        .init(.bash, "posix", "set -o posix"),
        .init(.bash, "globs", "shopt -s extglob nullglob failglob dotglob nocaseglob nocasematch; IFS=:"),
        .init(.bash, "traced", "set -ETH; shopt -s autocd cdspell lastpipe histverify cdable_vars inherit_errexit"),
        .init(.zsh, "default"),
        .init(.zsh, "strict", "setopt err_exit no_unset pipe_fail no_clobber"),
        .init(.zsh, "ksh", "setopt ksh_arrays sh_word_split ksh_typeset"),
        .init(.zsh, "quotes", "setopt rc_quotes csh_junkie_quotes glob_subst extended_glob null_glob"),
        .init(.zsh, "warnings", "setopt warn_create_global warn_nested_var local_options"),
        .init(.zsh, "habits", "setopt auto_cd auto_pushd pushd_silent cdable_vars share_history prompt_subst; IFS=:"),
        .init(.fish, "default"),
        .init(.fish, "vi", "fish_vi_key_bindings; function fish_mode_prompt; end"),
        .init(.fish, "features", arguments: ["--features", "qmark-noglob,no-ampersand-nobg-in-token"]),
    ]
}

package import EnvdCore

/// The hooks of shell/, which are part of the program.
package enum HookScript {
    /// What `envd hook <shell>` prints, for the shell to evaluate.
    ///
    /// - Parameters:
    ///   - hookProgram: absolute path of `envd-hook`.
    ///   - program: absolute path of `envd`.
    package static func text(for shell: Shell, hookProgram: Path, program: Path) -> [UInt8] {
        let template =
            switch shell {
            case .bash: PackageResources.search_bash + PackageResources.envd_bash
            case .zsh: PackageResources.search_zsh + PackageResources.envd_zsh
            // fish counts the lines before a function at each call: what runs often comes first.
            case .fish: PackageResources.envd_fish + PackageResources.search_fish + PackageResources.prompt_fish
            }
        // The later one first: a path may look like a place holder.
        return replacing(
            Array("@ENVD_HOOK@".utf8), by: shell.quoted(hookProgram.bytes),
            in: replacing(Array("@ENVD@".utf8), by: shell.quoted(program.bytes), in: template))
    }

    /// The first occurrence only: each place holder stands once.
    private static func replacing(_ holder: [UInt8], by word: [UInt8], in text: [UInt8]) -> [UInt8] {
        for start in text.indices where text[start] == UInt8(ascii: "@") && text[start...].starts(with: holder) {
            return text[..<start] + word + text[(start + holder.count)...]
        }
        return text
    }
}

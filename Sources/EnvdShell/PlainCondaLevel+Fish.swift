internal import EnvdCore

extension PlainCondaLevel {
    /// Gives `_envd_level` the count inside, `_envd_outer` the one outside, `_envd_was` what stands there and
    /// `_envd_more` these variables' part of ENVD_UNDO; ends the function where the long way has to be taken.
    ///
    /// That none of `beside` is set was looked at before.
    var fishEntering: [[UInt8]] {
        let names = ours.map(\.variable.text)
        let values = names.map { "\"$\($0)\"" }.joined(separator: " ")
        let fish = Shell.fish
        func line(_ text: String) -> [UInt8] { Array(text.utf8) }
        return [
            line("    set -f _envd_level 1"),
            // How many are not set, and the level.
            line("    set -q \(names.joined(separator: " ")) CONDA_SHLVL"),
            line("    switch \"$status$CONDA_SHLVL\""),
            line("        case \(names.count + 1)"),
            line("            set -g _envd_outer ''"),
            line("            set -f _envd_more ") + fish.quoted(records(level: nil)),
            line("        case \(names.count)0"),
            line("            set -g _envd_outer 0"),
            line("            set -f _envd_more ") + fish.quoted(records(level: "0")),
            line("        case 01"),
            // These would have to be escaped in ENVD_UNDO.
            line("            string match -qr '[%;~#[:cntrl:]]' -- \(values); and return 1"),
            line("            set _envd_level 2"),
            line("            set -g _envd_outer 1"),
            line("            set -g _envd_was \(values)"),
            line("            set -f _envd_more ") + nestedRecords(fish),
            line("            set -gx CONDA_PREFIX_1 \"$CONDA_PREFIX\""),
            line("            set -gx CONDA_STACKED_2 true"),
            line("        case '*'"),
            line("            return 1"),
            line("    end"),
        ]
    }

    /// Gives back what was outside.
    var fishLeaving: [String] {
        let names = ours.map(\.variable.text)
        let all = names.joined(separator: " ")
        let restored = names.enumerated().map {
            "            set -gx \($0.element) \"$_envd_was[\($0.offset + 1)]\""
        }
        return [
            "    switch \"$_envd_outer\"",
            "        case ''",
            "            set -eg \(all) CONDA_SHLVL",
            "        case 0",
            "            set -eg \(all)",
            "            set -gx CONDA_SHLVL 0",
            "        case 1",
            "            set -eg \(Self.beside.map(\.text).joined(separator: " "))",
            "            set -gx CONDA_SHLVL 1",
        ] + restored + ["    end"]
    }
}

internal import EnvdCore

extension Setting {
    /// Every key, by name.
    package static let known: [Setting] = [
        Setting(
            path: ["conda", "post_link_scripts"], kind: .truth, preset: .value(.truth(false)), places: [.user],
            meaning: "Run the scripts that conda's packages bring for the time after they are linked"),
        Setting(
            path: ["engine"], kind: .choice(["uv", "pip"]), preset: .words("uv, or pip where no uv can be had"),
            places: [.project], meaning: "What resolves and installs the Python layer"),
        Setting(
            path: ["extras"], kind: .names, preset: .value(.list([])), places: [.project],
            meaning: "Extras of the project that are installed"),
        Setting(
            path: ["fish", "idle"], kind: .truth, preset: .value(.truth(false)), places: [.user],
            meaning: "Wake fish at its prompt when an environment is ready"),
        Setting(
            path: ["groups"], kind: .names, preset: .words("those that the project's own tool installs"),
            places: [.project], meaning: "Dependency groups that are installed"),
        Setting(
            path: ["inputs"], kind: .files, preset: .words("chosen by envd"), places: [.project],
            meaning: "The files to follow, relative to the project's root"),
        Setting(
            path: ["layers"], kind: .choices(["conda", "python"]), preset: .words("those that there are files for"),
            places: [.project], meaning: "The layers to build"),
        Setting(
            path: ["ld_library_path"], kind: .libraryPath, preset: .value(.text("safe")), places: [.user, .project],
            meaning: "Which of an environment's libraries programs find; the project's word goes before the user's"),
        Setting(
            path: ["project"], kind: .choice(["editable", "none"]), preset: .words("editable where it can be built"),
            places: [.project], meaning: "Whether the project itself is installed"),
        Setting(
            path: ["python"], kind: .version, preset: .words("what the manifests say"), places: [.project],
            meaning: "Which versions of Python will do, in place of .python-version"),
        Setting(
            path: ["store", "keep"], kind: .count(of: "generations"),
            preset: .value(.integer(Int64(RetentionPolicy.defaultCount))), places: [.user],
            meaning: "How many earlier generations of each project stay"),
        Setting(
            path: ["store", "max"], kind: .size, preset: .words("no limit"), places: [.user],
            meaning: "What all environments together may take on disk"),
        Setting(
            path: ["store", "path"], kind: .path, preset: .words("the XDG directories, where they are on this machine"),
            places: [.user], meaning: "Where environments, state and caches lie"),
        Setting(
            path: ["store", "reserve"], kind: .sizeOrZero, preset: .words("16 MiB"), places: [.user],
            meaning: "What builds leave free of the disk"),
        Setting(
            path: ["trust"], kind: .choice(["follow", "ask"]), preset: .value(.text("follow")), places: [.user],
            meaning: "Whether edits that name nothing new are built at once; `envd allow --ask` says it for one project"
        ),
    ]
}

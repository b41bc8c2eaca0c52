import EnvdCore
import EnvdEngines
import EnvdSystem
import EnvdTestSupport
import Testing

/// What is recorded of a prefix is what sourcing its scripts by hand does, whatever the shell has outside.
@Suite struct ActivationTests {
    struct Prefix: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var files: [String: String]
        /// What the variables of env_vars.d and state are.
        var variables: [ByteString: ByteString] = [:]
        var leftOut: Set<String> = []
        /// What scripts keep for a deactivate.d.
        var backups: Set<ByteString> = []

        init(
            _ description: String, script: String? = nil, _ files: [String: String] = [:],
            variables: [ByteString: ByteString] = [:], leftOut: Set<String> = [],
            backups: Set<ByteString> = []
        ) {
            testDescription = description
            self.files = files
            self.files["etc/conda/activate.d/demo.sh"] = script
            self.variables = variables
            self.leftOut = leftOut
            self.backups = backups
        }
    }

    static let outsides: [[ByteString: ByteString]] = [
        [:],
        ["CC": "clang", "CFLAGS": "-g -O0"],
        [
            "PATH": "/opt/mine/bin:/usr/local/bin:/usr/bin:/bin:/home/somebody/bin", "DEMO": "outer",
            "DEMO_LIST": "/mine",
        ],
        ["XML_CATALOG_FILES": "file:///mine", "GDAL_DRIVER_PATH": "/mine/gdal", "GDAL_DATA": "/mine/data"],
        ["LD_LIBRARY_PATH": "/mine/lib:/mine/lib64", "OMPI_MCA_opal_cuda_support": "false", "PROJ_DATA": "/mine/proj"],
        ["PYTHONHOME": "/mine", "VIRTUAL_ENV": "/mine/venv", "DEMO": "", "CFLAGS": ""],
    ]

    static let prefixes: [Prefix] = [
        Prefix("plain"),
        Prefix(
            "env_vars.d", ["etc/conda/env_vars.d/a.json": #"{"DEMO": "from a package"}"#],
            variables: ["DEMO": "from a package"]),
        Prefix(
            "state", ["conda-meta/state": #"{"version": 1, "env_vars": {"DEMO": "from the user"}}"#],
            variables: ["DEMO": "from the user"]),
        Prefix(
            "both", script: #"export DEMO="$DEMO and a script" SEEN=$OTHER"#,
            [
                "etc/conda/env_vars.d/a.json": #"{"DEMO": "a", "OTHER": "kept"}"#,
                "etc/conda/env_vars.d/b.json": #"{"DEMO": "b", "GONE": "b"}"#,
                "conda-meta/state": #"{"env_vars": {"DEMO": "user", "GONE": "***unset***"}}"#,
            ], variables: ["DEMO": "user", "OTHER": "kept"]),
        Prefix("sets", script: "export DEMO=1 DEMO_TWO=\"$CONDA_PREFIX/two\"\nDEMO_INNER=5\n"),
        Prefix("appends to PATH", script: #"export PATH="$PATH:$CONDA_PREFIX/late""#),
        Prefix("prepends to PATH", script: #"PATH="$CONDA_PREFIX/early:$CONDA_PREFIX/libexec:$PATH""#),
        Prefix("both ends of a list", script: #"export DEMO_LIST="$CONDA_PREFIX/a${DEMO_LIST:+:$DEMO_LIST}:/b""#),
        Prefix("LD_LIBRARY_PATH in front", script: #"export LD_LIBRARY_PATH=$CONDA_PREFIX/lib:$LD_LIBRARY_PATH"#),
        Prefix("LD_LIBRARY_PATH behind", script: #"export LD_LIBRARY_PATH=$LD_LIBRARY_PATH:$CONDA_PREFIX/lib"#),
        Prefix("extends with a blank", script: #"export CFLAGS="-I$CONDA_PREFIX/include${CFLAGS:+ $CFLAGS}""#),
        Prefix("unsets", script: "unset CC GDAL_DATA\nexport DEMO=1\n"),
        Prefix("exits", script: "exit 3\n", ["etc/conda/activate.d/next.sh": "export NEXT=1\n"], leftOut: ["demo.sh"]),
        Prefix("returns 1", script: "export DEMO=1\nreturn 1\n", ["etc/conda/activate.d/next.sh": "export NEXT=1\n"]),
        Prefix(
            "is no bash", script: "export BROKEN=1\nif then\n", ["etc/conda/activate.d/next.sh": "export NEXT=1\n"],
            leftOut: ["demo.sh"]),
        Prefix(
            "kills itself", script: "export DEMO=1\nkill -9 $$\n", ["etc/conda/activate.d/a.sh": "export FIRST=1\n"],
            leftOut: ["demo.sh"]),
        Prefix("waits for input", script: "read -r answer\nexport ANSWER=\"<$answer>\"\n"),
        Prefix(
            "asks for unset variables",
            script:
                "[ -n \"$NOT_THERE\" ] && echo it is there\nexport DEMO=1\nINNER=${NOT_THERE:-2}\nunset INNER\n"
        ),
        Prefix(
            "writes in Unicode", script: "export DEMO=$'z\u{fc}rich \u{1F40D}\\n\\xff\\ttwo'\n",
            ["etc/conda/activate.d/\u{fc}ber 'x'.sh": "export UMLAUT=1\n"]),
        Prefix(
            "compiler", script: PackageScripts.gcc,
            backups: ["CONDA_BACKUP_CC", "CONDA_BACKUP_CFLAGS", "CONDA_BACKUP_CPPFLAGS", "CONDA_BACKUP_LDFLAGS"]),
        Prefix("proj", script: PackageScripts.proj, ["share/proj/proj.db": ""], backups: ["_CONDA_SET_PROJ_DATA"]),
        Prefix(
            "proj with data", script: PackageScripts.proj, ["share/proj/licenses.csv": ""],
            backups: ["_CONDA_SET_PROJ_DATA"]),
        Prefix(
            "gdal", script: PackageScripts.gdal, ["share/gdal/x": ""],
            backups: ["_CONDA_SET_GDAL_DATA", "_CONDA_SET_GDAL_DRIVER_PATH"]),
        Prefix(
            "gdal with plugins", script: PackageScripts.gdal, ["lib/plugins-of-gdal/x": ""],
            backups: ["_CONDA_SET_GDAL_DATA", "_CONDA_SET_GDAL_DRIVER_PATH"]),
        Prefix("libxml2", script: PackageScripts.libxml2),
        Prefix("glib", script: PackageScripts.glib, backups: ["GSETTINGS_SCHEMA_DIR_CONDA_BACKUP"]),
        Prefix("openmpi", script: PackageScripts.openmpi),
        Prefix(
            "set only if unset, with a mark",
            script: #"if [ -z "${DEMO:-}" ]; then export DEMO=1 _CONDA_SET_DEMO=1; fi"#, backups: ["_CONDA_SET_DEMO"]),
        Prefix(
            "many packages",
            [
                "etc/conda/activate.d/a-gcc.sh": PackageScripts.gcc,
                "etc/conda/activate.d/b-gdal.sh": PackageScripts.gdal,
                "etc/conda/activate.d/c-proj.sh": PackageScripts.proj,
                "etc/conda/activate.d/d-xml.sh": PackageScripts.libxml2,
                "etc/conda/activate.d/e-mpi.sh": PackageScripts.openmpi,
                "etc/conda/activate.d/ignored.fish": "set -gx FISH 1", "etc/conda/activate.d/ignored": "exit 1",
            ],
            backups: [
                "CONDA_BACKUP_CC", "CONDA_BACKUP_CFLAGS", "_CONDA_SET_GDAL_DATA", "_CONDA_SET_GDAL_DRIVER_PATH",
                "_CONDA_SET_PROJ_DATA",
            ]),
    ]

    @Test(arguments: prefixes)
    func whatIsRecordedIsWhatSourcingDoes(prefix: Prefix) async throws {
        let sample = try ActivationSample(prefix.files)
        let activation = try await sample.record()
        let delta = activation.delta
        #expect(delta.scripts == nil, "\(sample.said)")
        #expect(activation.notes.count == prefix.leftOut.count, "\(activation.notes)")
        #expect(delta.conda?.variables.map(\.text) == prefix.variables.keys.map(\.description).sorted())
        #expect(delta.added("PATH")?.contains((sample.prefix / "bin").bytes) == true)
        for outside in Self.outsides {
            let expected = try await sample.byHand(
                outside, variables: prefix.variables, leavingOut: prefix.leftOut)
            let actual = ActivationSample.apply(delta, to: outside)
            for name in Set(expected.keys).union(actual.keys).sorted() where !prefix.backups.contains(name) {
                let lists = delta.added(name.description) != nil || delta.appended(name.description) != nil
                // An empty element would be the working directory: none is ever made.
                let wanted =
                    lists
                    ? expected[name].map { ActivationSample.joined(ActivationSample.elements($0)) }
                    : expected[name]
                #expect(actual[name] == wanted, "\(name) where \(outside)")
            }
        }
    }

    @Test(arguments: [
        ("a function", "greet() { echo hi; }"), ("an alias", "alias ll='ls -l'"), ("set -o", "set -o noclobber"),
        ("set -e", "set -e"), ("shopt", "shopt -s extglob"), ("a trap", "trap 'echo bye' EXIT"),
        ("a debug trap", "trap 'echo step' DEBUG"), ("the umask", "umask 077"), ("the directory", "cd /usr"),
        ("a completion", "complete -W 'a b' demo"), ("a limit", "ulimit -S -n 100"),
        ("the history", "HISTCONTROL=ignorespace"), ("a question to the user's value", #"export A="<$CC> and <$CC>""#),
        ("a question to another variable", #"if [ -n "$WANTED" ]; then export A=1; else export A=2; fi"#),
        ("a value only where another is set", #"[ -z "$WANTED" ] || export A=1"#),
        ("a value of the user's", #"export A="a$NOT_THERE""#),
        ("a flag set with another", #"if [ -z "$A" ]; then export A=1 A_IS_OURS=1; fi"#),
        ("set apart from empty", #"export A="${A-default}""#),
        ("PATH anew", #"export PATH="$CONDA_PREFIX/bin:/bin""#), ("the level", #"export A="$CONDA_SHLVL""#),
        ("its process", #"export A=$$"#), ("the home", #"export A="$HOME/.demo""#),
        ("the place", #"export A="$PWD/x""#),
        ("conda's own", "export CONDA_PREFIX=/elsewhere"), ("interactive", "case $- in *i*) echo hi ;; esac"),
        ("a copy of what stays", #"export A="$CC""#), ("unexported", #"CFLAGS="$CFLAGS -g""#),
    ])
    func whatCannotBeRecordedIsLeftToTheShells(what: String, script: String) async throws {
        let sample = try ActivationSample(scripts: ["demo": "export DEMO=1\n\(script)\n"])
        let activation = try await sample.record()
        #expect(activation.delta.scripts?.entering.count == 1)
        #expect(activation.delta.assigned("DEMO") == "1")
        #expect(activation.notes == [])
    }

    @Test(arguments: ["_greet() { :; }", "DEMO_INNER=1", "DEMO_INNER=2; unset DEMO_INNER", "local x=1", "echo hello"])
    func leavingsOfAScriptAreNoChange(script: String) async throws {
        let sample = try ActivationSample(scripts: ["demo": script])
        let delta = try await sample.record().delta
        #expect(delta.scripts == nil, "\(sample.said)")
        try FileSystem.remove(sample.prefix / "etc/conda/activate.d")
        #expect(delta == (try await sample.record().delta))
    }
}

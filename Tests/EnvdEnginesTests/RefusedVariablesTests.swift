import EnvdCore
import EnvdEngines
import EnvdSystem
import Testing

/// What packages and manifests may not set, because shells or every program would run code.
@Suite("Variables that no package may set")
struct RefusedVariablesTests {
    static let dangerous = [
        "LD_PRELOAD", "LD_AUDIT", "GCONV_PATH", "BASH_ENV", "ENV", "PROMPT_COMMAND", "PS0", "PS1", "PS2", "PS3", "PS4",
        "IFS", "SHELLOPTS", "ZDOTDIR", "PYTHONSTARTUP", "FPATH", "INPUTRC", "MAILPATH", "BASH_LOADABLES_PATH",
        "ZSH_CUSTOM", "fish_function_path", "RPROMPT", "READNULLCMD", "PERL5OPT", "RUBYOPT", "GIT_SSH_COMMAND",
        "XDG_CONFIG_HOME", "HOME", "RANDOM", "OPTIND", "COLUMNS", "XDG_RUNTIME_DIR", "ENVD_ROOT", "BASH_FUNC_x",
        "HISTFILE", "EXECIGNORE", "GLOBIGNORE", "POSIXLY_CORRECT", "CDPATH", "EDITOR", "PAGER", "VIMINIT",
    ]

    /// What packages of conda-forge and projects set.
    static let harmless = [
        "GDAL_DATA", "GDAL_DRIVER_PATH", "PROJ_DATA", "PROJ_LIB", "SSL_CERT_FILE", "SSL_CERT_DIR", "JAVA_HOME",
        "JAVA_LD_LIBRARY_PATH", "PKG_CONFIG_PATH", "CMAKE_PREFIX_PATH", "CMAKE_ARGS", "CC", "CFLAGS", "LDFLAGS",
        "LD", "LD_RUN_PATH", "MAKEFLAGS", "R_HOME", "PERL5LIB", "PYTHONPATH", "PYTHONNOUSERSITE", "PYTHONBREAKPOINT",
        "PYTHONWARNINGS", "NODE_OPTIONS", "NODE_PATH", "JAVA_TOOL_OPTIONS", "GIT_SSL_CAINFO", "GIT_PYTHON_REFRESH",
        "GIT_AUTHOR_NAME", "XDG_DATA_DIRS", "XML_CATALOG_FILES", "GSETTINGS_SCHEMA_DIR", "QT_XCB_GL_INTEGRATION",
        "CUDA_HOME", "OMP_NUM_THREADS", "LC_ALL", "LANG", "TZ", "MANPATH", "INFOPATH", "HOST",
        "ENVIRONMENT", "PS5", "PROMPT_NAME", "BASHRC", "ZSHRC", "HOMEDIR", "status_code", "func",
    ]

    @Test func theListRefusesNoMoreThanItHasTo() throws {
        for name in Self.dangerous { #expect(try #require(VariableName(name)).refusal != nil, "\(name)") }
        for name in Self.harmless { #expect(try #require(VariableName(name)).refusal == nil, "\(name)") }
    }

    @Test(arguments: ["etc/conda/env_vars.d/demo.json", "conda-meta/state"])
    func filesOfVariablesSetNoneOfThem(file: String) async throws {
        let values = "{" + (Self.dangerous + ["GDAL_DATA"]).map { #""\#($0)": "/x""# }.joined(separator: ", ") + "}"
        let sample = try ActivationSample([file: file.hasSuffix("state") ? #"{"env_vars": \#(values)}"# : values])
        let activation = try await sample.record()
        for name in Self.dangerous where name != "HOME" {
            #expect(!activation.delta.mentions(name), "\(name)")
        }
        #expect(activation.delta.assigned("GDAL_DATA") == "/x")
        #expect(activation.delta.conda?.variables.map(\.text) == ["GDAL_DATA"])
        #expect(
            activation.notes
                == Self.dangerous.sorted().map {
                    "could not use `\($0)` of `\(file)`: that variable is not a package's to set"
                })
    }

    /// Of the others, bash has some that it does not let go: SHELLOPTS; or that are numbers to it.
    @Test(arguments: [
        ("export LD_PRELOAD=/x/lib.so", "LD_PRELOAD"), ("export LD_AUDIT=/x/lib.so", "LD_AUDIT"),
        ("export BASH_ENV=/x", "BASH_ENV"), ("ENV=/x; export ENV", "ENV"), ("declare -gx ZDOTDIR=/x", "ZDOTDIR"),
        ("PROMPT_COMMAND='touch /x'", "PROMPT_COMMAND"), ("export PROMPT_COMMAND='touch /x'", "PROMPT_COMMAND"),
        ("PS1=\"(x) $PS1\"", "PS1"), ("export PS4='$(x)'", "PS4"), ("PS0=x", "PS0"), ("IFS=:", "IFS"),
        ("unset IFS", "IFS"), ("export PYTHONSTARTUP=$CONDA_PREFIX/x.py", "PYTHONSTARTUP"),
        ("export FPATH=/x:$FPATH", "FPATH"), ("export GIT_SSH_COMMAND=\"$GIT_SSH_COMMAND x\"", "GIT_SSH_COMMAND"),
        ("export PERL5OPT=-Mx", "PERL5OPT"), ("export TMOUT=1", "TMOUT"),
        ("for n in LD_PRELOAD; do export $n=/x; done", "LD_PRELOAD"),
    ])
    func scriptsSetNoneOfThem(line: String, name: String) async throws {
        // Aliases alone would be a reason for shells to read the scripts.
        let sample = try ActivationSample(scripts: [
            "a": "export A=1\nalias greet=true\n", "b": "\(line)\nexport B=\"$B:2\"\n",
        ])
        let activation = try await sample.record()
        #expect(activation.delta.scripts == nil)
        #expect(!activation.delta.mentions(name))
        #expect(activation.delta.assigned("A") == "1")
        #expect(activation.delta.mentions("B"))
        #expect(
            activation.notes.filter { $0.contains("`\(name)`") } == [
                "could not use `\(name)` of `etc/conda/activate.d/b.sh`: that variable is not a package's to set"
            ])
        #expect(activation.notes.count { $0.hasPrefix("could not leave `etc/conda/activate.d` to the shells") } == 1)
        #expect(activation.notes.count == 2)
    }

    @Test func aScriptAfterWhichNoProgramStartsIsLeftOut() async throws {
        let sample = try ActivationSample(scripts: [
            "a": "export A=1", "b": "export LD_TRACE_LOADED_OBJECTS=1 B=1",
        ])
        let activation = try await sample.record()
        #expect(activation.delta.assigned("A") == "1")
        #expect(!activation.delta.mentions("B"))
        #expect(!activation.delta.mentions("LD_TRACE_LOADED_OBJECTS"))
        #expect(!activation.delta.hides("PATH"))
        #expect(activation.notes.count == 1)
        #expect(activation.notes[0].hasPrefix("could not use `etc/conda/activate.d/b.sh`"))
    }

    @Test func aScriptWithVeryManyVariablesHidesNoneOfThem() async throws {
        let sample = try ActivationSample(scripts: [
            "a": "for i in {1..600}; do export MANY_$i=1; done; export LD_PRELOAD=/x"
        ])
        let activation = try await sample.record()
        #expect(activation.delta.scripts == nil)
        #expect(!activation.delta.mentions("LD_PRELOAD"))
        #expect(activation.notes.contains { $0.contains("`LD_PRELOAD`") })
    }

    @Test func aScriptForLeavingThatSetsOneIsLeftOut() async throws {
        let sample = try ActivationSample([
            "etc/conda/activate.d/a.sh": "greet() { :; }", "etc/conda/deactivate.d/a.sh": "unset -f greet",
            "etc/conda/deactivate.d/b.sh": "export LD_PRELOAD=/x",
            "etc/conda/deactivate.d/c.sh": "PROMPT_COMMAND='touch /x'",
        ])
        let activation = try await sample.record()
        #expect(activation.delta.scripts?.entering.map(\.name) == ["a.sh"])
        #expect(activation.delta.scripts?.leaving.map(\.name) == ["a.sh"])
        #expect(
            activation.notes.sorted() == [
                "could not use `etc/conda/deactivate.d/b.sh`: LD_PRELOAD is not a package's to set",
                "could not use `etc/conda/deactivate.d/c.sh`: PROMPT_COMMAND is not a package's to set",
            ])
    }
}

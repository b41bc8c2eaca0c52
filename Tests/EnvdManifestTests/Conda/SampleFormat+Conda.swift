import EnvdManifest

extension SampleFormat {
    private static let environment = """
        # c
        name: sample
        channels:
          - conda-forge
          - nodefaults
        dependencies:
          - python=3.11
          - NumPy >=1.20, <2  # why
          - libblas=*=*mkl
          - pywin32  # [win]
          - pip
          - pip:
              - six>=1
              - -r needs.txt
        variables:
          MODE: no
          NUMBER: 3.10
        """

    /// Two hashes of made-up packages.
    private static let first = String(repeating: "a", count: 64)
    private static let second = String(repeating: "b", count: 64)

    private static let lock = """
        # c
        version: 1
        metadata:
          content_hash:
            \(CondaPlatform.current): aa
          channels:
          - url: conda-forge
            used_env_vars: []
          platforms:
          - \(CondaPlatform.current)
          sources:
          - environment.yml
        package:
        - name: python
          version: 3.11.4
          manager: conda
          platform: \(CondaPlatform.current)
          dependencies:
            zlib: '>=1.2'
          url: https://conda.anaconda.org/conda-forge/\(CondaPlatform.current)/python-3.11.4-h1_0.conda
          hash:
            sha256: \(first)
          category: main
          optional: false
        - name: python
          version: 3.11.5
          manager: conda
          platform: win-64
          dependencies: {}
          url: https://conda.anaconda.org/conda-forge/win-64/python-3.11.5-h1_0.conda
          hash:
            sha256: \(first)
          category: main
          optional: false
        - name: six
          version: 1.16.0
          manager: pip
          platform: \(CondaPlatform.current)
          dependencies: {}
          url: https://files.pythonhosted.org/packages/six-1.16.0-py2.py3-none-any.whl
          hash:
            sha256: \(second)
          category: dev
          optional: true
        """

    /// conda's manifests, and the lock files beside them.
    static let conda: [SampleFormat] =
        CondaFormatNames.environments.map { name in
            SampleFormat(
                name: name, files: [name: environment, "needs.txt": "idna\n"],
                harmless: [
                    ("# c\n", ""), ("  # why", ""), ("NumPy >=1.20, <2", "numpy<2,>=1.20"),
                    ("python=3.11", "python 3.11.*"),
                    ("libblas=*=*mkl", "libblas * *mkl"), ("pywin32", "pywin64"),
                    ("  - conda-forge", "  - 'conda-forge'"),
                    ("MODE: no\n  NUMBER: 3.10", "NUMBER: '3.10'\n  MODE: \"no\""),
                    ("name: sample", "name: sample\nprefix: /x"),
                    ("six>=1", "Six >= 1"),
                ],
                telling: [
                    ("name: sample", "name: sampler"), ("python=3.11", "python=3.12"), ("conda-forge", "bioconda"),
                    ("  - nodefaults\n", ""), ("  - pip\n", "  - zlib\n"), ("3.10", "3.1"), ("MODE: no", "MODE: false"),
                    ("six>=1", "six>=2"), ("      - -r needs.txt", ""), ("# [win]", "# [linux]"), ("*mkl", "*nomkl"),
                ],
                included: ("needs.txt", "idna<3\n"),
                malformed: ("dependencies:\n  - python=3.11\n  - numpy >=\n", 3, 13),
                isEmptyFine: false, filler: ("dependencies:\n", "  # comment comment comment comment\n"), isConda: true)
        } + [
            SampleFormat(
                name: "conda-lock.yml", files: ["conda-lock.yml": lock, "envd.toml": ""],
                harmless: [
                    ("# c\n", ""), ("3.11.5", "3.11.6"), ("zlib: '>=1.2'", "zlib: '>=1.3'"),
                    ("\(CondaPlatform.current): aa", "\(CondaPlatform.current): ab"),
                ],
                telling: [
                    ("3.11.4-h1_0", "3.11.4-h1_1"), (first, second), ("version: 1.16.0", "version: 1.17.0"),
                    ("category: dev", "category: docs"),
                ],
                included: ("envd.toml", "groups = []\n"), malformed: ("version: 1\npackage:\n- name: [\n", 4, 1),
                isEmptyFine: false,
                filler: ("version: 1\npackage: []\n", "# comment comment comment comment\n"), isConda: true),
            SampleFormat(
                name: "conda-lock.yml", kind: "beside environment.yml",
                files: [
                    "environment.yml":
                        "channels: [conda-forge, nodefaults]\ndependencies:\n- python=3.11\n- pip:\n  - six\n",
                    "conda-lock.yml": lock,
                ],
                harmless: [("# c\n", ""), ("3.11.5", "3.11.6")],
                telling: [("3.11.4-h1_0", "3.11.4-h1_1"), (first, second)],
                included: ("environment.yml", "dependencies:\n- python=3.11\n- zlib\n"),
                malformed: ("version: 1\npackage:\n- name: x\n  platform: [\n", 5, 1), isEmptyFine: false,
                filler: ("version: 1\npackage: []\n", "# comment comment comment comment\n"), isConda: true),
            SampleFormat(
                name: "explicit.txt",
                files: [
                    "explicit.txt": """
                    # platform: \(CondaPlatform.current)
                    @EXPLICIT
                    https://conda.anaconda.org/conda-forge/noarch/tzdata-2024a-h0c530f3_0.conda#\(String(repeating: "a", count: 32))
                    # c
                    https://conda.anaconda.org/conda-forge/noarch/six-1.16.0-pyh6c4a22f_0.tar.bz2
                    """, "envd.toml": "python = \"3.11\"\n",
                ],
                harmless: [("# c\n", ""), ("@EXPLICIT\n", "@EXPLICIT\n\n")],
                telling: [("2024a", "2024b"), ("aaaa", "bbbb"), ("tar.bz2", "conda")],
                included: ("envd.toml", "python = \"3.12\"\n"),
                malformed: ("@EXPLICIT\nhttps://e.org/ch/noarch/a-1-0.conda\nnumpy=1.2\n", 3, nil), isEmptyFine: false,
                filler: ("@EXPLICIT\nhttps://e.org/ch/noarch/a-1-0.conda\n", "# comment comment comment comment\n"),
                isConda: true),
        ]
}

/// The names of one grammar.
enum CondaFormatNames {
    static let environments = ["environment.yml", "environment.yaml", "conda.yml", "conda.yaml"]
    /// All that are looked for, in the order in which they count.
    static let all =
        environments + [
            "conda-lock.yml", "conda-\(CondaPlatform.current).lock", "explicit.txt", "spec-file.txt",
            "environment.lock",
        ]
}

extension SampleFormat {
    private static let project = """
        [project]
        name = "sample"
        version = "1"
        requires-python = ">=3.9"
        dependencies = ["six"]
        """

    /// Lock files, and the files that say which Python is wanted.
    static let locks: [SampleFormat] = [
        SampleFormat(
            name: "uv.lock",
            files: [
                "pyproject.toml": project,
                "uv.lock": "# c\nversion = 1\n\n[[package]]\nname = \"six\"\nversion = \"1.16.0\"\n",
            ],
            harmless: [("# c\n", ""), ("name = \"six\"\nversion = \"1.16.0\"", "version = '1.16.0'\nname = 'six'")],
            telling: [("1.16.0", "1.17.0"), ("[[package]]", "revision = 3\n[[package]]")],
            included: ("pyproject.toml", project.replacing("\"six\"", with: "\"six<2\"")),
            malformed: ("version = \n", 0, nil), isEmptyFine: false,
            filler: ("version = 1\n", "# comment comment comment comment\n")),
        SampleFormat(
            name: "poetry.lock",
            files: [
                "pyproject.toml":
                    "[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\npython = \">=3.9\"\nsix = \"*\"\n",
                "poetry.lock": """
                # c
                [[package]]
                name = "six"
                version = "1.16.0"
                description = ""
                optional = false
                files = []

                [metadata]
                lock-version = "2.0"
                content-hash = "00"
                """,
            ],
            harmless: [("# c\n", ""), ("\n\n[metadata]", "\n[metadata]")], telling: [("1.16.0", "1.17.0")],
            included: (
                "pyproject.toml",
                "[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\npython = \">=3.9\"\nsix = \"<2\"\n"
            ), malformed: ("[[package]\n", 0, nil), isEmptyFine: false,
            filler: ("[metadata]\nlock-version = '2.0'\n", "# comment comment comment comment\n")),
        SampleFormat(
            name: "Pipfile.lock",
            files: [
                "Pipfile": "[packages]\nsix = '*'\n",
                "Pipfile.lock": """
                {"_meta": {"hash": {"sha256": "aa"}}, "default": {"six": {"version": "==1.16.0"}}, "develop": {}}
                """,
            ],
            harmless: [("\"_meta\": {", "\n  \"_meta\" : {")], telling: [("1.16.0", "1.17.0")],
            included: ("Pipfile", "[packages]\nsix = '<2'\n"), malformed: ("{\n<<<<<<< HEAD\n", 2, 1),
            isEmptyFine: false, filler: ("{}", "                                        \n")),
        SampleFormat(
            name: "requirements.txt", kind: "compiled",
            files: [
                "requirements.in": "six\n", "requirements.txt": "# c\nsix==1.16.0\n    # via -r requirements.in\n",
            ],
            harmless: [("# c\n", ""), ("    # via -r requirements.in\n", "")], telling: [("1.16.0", "1.17.0")],
            included: ("requirements.in", "six<2\n"), malformed: ("six==1\n==\n", 0, nil), isEmptyFine: true,
            filler: ("six==1.16.0\n", "# comment comment comment comment\n")),
        SampleFormat(
            name: "requirements-dev.lock", kind: "Rye",
            files: [
                "pyproject.toml": project + "\n[tool.rye]\nmanaged = true\n",
                "requirements-dev.lock": "# c\n-e file:.\nsix==1.16.0\n",
            ],
            harmless: [("# c\n", "")], telling: [("1.16.0", "1.17.0")],
            included: ("pyproject.toml", project.replacing(">=3.9", with: ">=3.10") + "\n[tool.rye]\nmanaged = true\n"),
            malformed: ("six==1\n==\n", 0, nil), isEmptyFine: false,
            filler: ("six==1.16.0\n", "# comment comment comment comment\n")),
        SampleFormat(
            name: "pylock.dev.toml",
            files: [
                "pylock.dev.toml": """
                lock-version = "1.0"
                created-by = "test"

                [[packages]]
                name = "six"
                version = "1.16.0"
                wheels = [{ url = "https://e.org/six.whl", hashes = { sha256 = "aa" } }]
                """, ".python-version": "3.11\n",
            ],
            harmless: [("\"test\"", "\"other\"")], telling: [("1.16.0", "1.17.0")],
            included: (".python-version", "3.12\n"),
            malformed: ("lock-version = \"1.0\"\n[[packages]\n", 2, 12), isEmptyFine: false,
            filler: ("lock-version = '1.0'\n", "# comment comment comment comment\n")),
        SampleFormat(
            name: ".python-version",
            files: ["requirements.txt": "six\n", ".python-version": "# c\n3.11\n"],
            harmless: [("# c\n", ""), ("3.11\n", "3.11")], telling: [("3.11", "3.12")],
            included: ("requirements.txt", "six<2\n"), malformed: ("three\n", 0, nil), isEmptyFine: true,
            filler: ("3.11\n", "# comment comment comment comment\n")),
        SampleFormat(
            name: "runtime.txt",
            files: ["requirements.txt": "six\n", "runtime.txt": "python-3.11.4\n"],
            harmless: [("3.11.4\n", "3.11.4")], telling: [("3.11.4", "3.12.1")],
            included: ("requirements.txt", "six<2\n"), malformed: ("three\n", 0, nil), isEmptyFine: true,
            filler: ("python-3.11.4\n", "\n")),
    ]
}

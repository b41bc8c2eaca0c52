/// A pyproject.toml that names its dependencies and has nothing to install of its own.
func manifest(_ dependencies: String, extra: String = "") -> String {
    """
    [project]
    name = "demo"
    version = "1"
    requires-python = ">=3.9"
    dependencies = [\(dependencies)]
    \(extra)

    """
}

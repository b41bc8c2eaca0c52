extension EngineCatalogue {
    /// What Py-rattler 0.28.0 needs, itself included, for Python 3.10 and later on Linux: made by
    /// `contrib/pin-engine py-rattler 0.28.0 3.10`.
    static let pyRattlerRequirements = #"""
        py-rattler==0.28.0 \
            --hash=sha256:1c566fb1b0fc3d0d892b7ba021d6863aaff1f476c245178a07f560729aa7ecdb \
            --hash=sha256:4f4ab1d34d5394e7ce130a86e59009c95ace4f5757d9c3af04de1351bcea47eb \
            --hash=sha256:61b24202374188e72130f1b3dc63b455befaafc3e49e5481a38b6a6c8828c1e0 \
            --hash=sha256:6218478af88d45ac1e08e605ede4f67bbe4ffbbbb40b5e32622a4746f98fe331

        """#
}

extension EngineCatalogue {
    /// What Pipenv 2026.10.3 needs, itself included, for Python 3.10 and later on Linux: made by
    /// `contrib/pin-engine pipenv 2026.10.3 3.10`.
    static let pipenvRequirements = #"""
        certifi==2026.10.18 \
            --hash=sha256:73191c47aaa79da394e8fee2dbc2ec827432cab56311122c9e47abf79e390f62
        distlib==0.4.4 \
            --hash=sha256:cf09d55b1e85a89576b036aeb71550bfd68320f3f21761ca329eadadad918638
        filelock==4.1.0 ; python_full_version < '3.11' \
            --hash=sha256:2ce9818e3e2d8f284c1a964414447ef148d42a5fd5e2a477a7118e574b293ec1
        filelock==4.2.11 ; python_full_version >= '3.11' \
            --hash=sha256:020e229e4bb9d410fc799c07ddf45fa217cba970278f40b30751d94f309b69e2
        packaging==26.3 \
            --hash=sha256:d7193f7c8e4e93f444fde0262bf90af30e16fa0ad0ad44cb553c87339b23cd1c
        pipenv==2026.10.3 \
            --hash=sha256:9a2b337fcbf2b3ed30ebf691ecfd201484bcdd0270afe0964cbcd5b7a39911bc
        platformdirs==4.12.4 ; python_full_version < '3.11' \
            --hash=sha256:78bfb9db2a8471ed7eebe3c3c932da413911042994e699b384fbb4493fa872d7
        platformdirs==4.14.7 ; python_full_version >= '3.11' \
            --hash=sha256:391513b74707c42335fff3ea17eaac657a7ee9ffcadd809634d34ea594d0122c
        python-discovery==1.9.5 \
            --hash=sha256:a1fae8fca11e4bc61e38491c2aafff29e430b3c5e272d51ae52fb895bc4c0fac
        setuptools==84.2.1 \
            --hash=sha256:ca140b45d5325a9478f880e351484f62fef15f336462e449ca0c03c873d589c2
        typing-extensions==4.16.0 ; python_full_version < '3.11' \
            --hash=sha256:481caa481374e813c1b176ada14e97f1f67a4539ce9cfeb3f350d78d6370c2e8
        virtualenv==21.15.8 \
            --hash=sha256:e4cb274633d6f3ddb19f535a3be7539ce8fe34fc7aa2b0c417ff6e96c3cf67dc

        """#
}

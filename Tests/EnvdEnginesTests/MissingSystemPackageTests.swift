import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Testing

@testable import EnvdEngines

@Suite("What a build from source needs of the machine")
struct MissingSystemPackageTests {
    /// Words of the tools themselves (gcc 12, ld 2.40, pkgconf 1.8, CMake 3.25, Meson 1.0, setuptools 80, psycopg2 2.9,
    /// mysqlclient 2.2, h5py 3.14), and Debian 12's package.
    @Test(
        "is named with its Debian package",
        arguments: [
            ("src/x.c:1:10: fatal error: Python.h: No such file or directory", "Python.h", "python3-dev"),
            ("error: command 'gcc' failed: No such file or directory", "gcc", "build-essential"),
            (
                "error: command 'x86_64-linux-gnu-gcc' failed: No such file or directory", "x86_64-linux-gnu-gcc",
                "build-essential"
            ),
            ("a.cpp:3:10: fatal error: 'zmq.h' file not found", "zmq.h", "libzmq3-dev"),
            ("/usr/bin/ld: cannot find -lopenblas: No such file or directory", "-lopenblas", "libopenblas-dev"),
            ("/usr/bin/ld: cannot find -lz", "-lz", "zlib1g-dev"),
            (
                "hdf5.h:22:10: fatal error: hdf5/serial/hdf5.h: No such file or directory", "hdf5/serial/hdf5.h",
                "libhdf5-dev"
            ),
            ("No package 'libffi' found", "libffi.pc", "libffi-dev"),
            ("Package libpq was not found in the pkg-config search path.", "libpq.pc", "libpq-dev"),
            (
                "../meson.build:9:0: ERROR: Dependency \"openblas\" not found, tried pkgconfig and cmake",
                "openblas.pc", "libopenblas-dev"
            ),
            (
                "Run-time dependency cairo found: NO\n../meson.build:31:12: ERROR: Dependency \"cairo\" not found",
                "cairo.pc", "libcairo2-dev"
            ),
            ("CMake Error: Could NOT find HDF5 (missing: HDF5_LIBRARIES)", "HDF5 (CMake)", "libhdf5-dev"),
            ("ERROR: Unknown compiler(s): [['gfortran'], ['flang']]", "gfortran", "gfortran"),
            ("Error: pg_config executable not found.", "pg_config", "libpq-dev"),
            ("/bin/sh: 1: mysql_config: not found", "mysql_config", "default-libmysqlclient-dev"),
            ("The headers or library files could not be found for jpeg,", "-ljpeg", "libjpeg-dev"),
            ("error: [Errno 2] No such file or directory: 'cmake'", "cmake", "cmake"),
            ("fatal error: libavcodec/avcodec.h: No such file or directory", "libavcodec/avcodec.h", "libavcodec-dev"),
            ("x.c:1:10: fatal error: sqlite3.h: No such file or directory", "sqlite3.h", "libsqlite3-dev"),
            ("x.c:1:10: fatal error: openssl/ssl.h: No such file or directory", "openssl/ssl.h", "libssl-dev"),
            (
                "x.c:1:10: fatal error: libxml/xmlversion.h: No such file or directory", "libxml/xmlversion.h",
                "libxml2-dev"
            ),
            ("x.c:1:10: fatal error: yaml.h: No such file or directory", "yaml.h", "libyaml-dev"),
            ("x.c:1:10: fatal error: portaudio.h: No such file or directory", "portaudio.h", "portaudio19-dev"),
            ("x.c:1:10: fatal error: ft2build.h: No such file or directory", "ft2build.h", "libfreetype-dev"),
            ("x.c:1:10: fatal error: geos_c.h: No such file or directory", "geos_c.h", "libgeos-dev"),
            ("x.c:1:10: fatal error: sql.h: No such file or directory", "sql.h", "unixodbc-dev"),
        ])
    func known(words: String, thing: String, package: String) throws {
        let missing = try #require(MissingSystemPackage("running build_ext\n\(words)\nerror: subprocess failed"))
        #expect(missing.thing == thing)
        #expect(missing.package == package)
        #expect(missing.hint == "sudo apt install \(package), then `envd build`")
    }

    @Test("what is in no known package can still be looked up, and other failures name nothing")
    func unknown() throws {
        let missing = try #require(
            MissingSystemPackage("a.c:1:10: fatal error: acme/rocket.h: No such file or directory\n"))
        #expect(missing.package == nil)
        #expect(missing.hint.contains("`apt-file search acme/rocket.h`"))
        #expect(MissingSystemPackage("SyntaxError: invalid syntax\nerror: could not find a file") == nil)
        #expect(MissingSystemPackage("") == nil)
    }

    @Test("a real source distribution that misses a header says so, in uv's words and in pip's")
    func real() async throws {
        let workshop = try await Workshop()
        let source = workshop.root / "native"
        try FileSystem.makeDirectories(source)
        try workshop.write(
            "native/pyproject.toml",
            "[build-system]\nrequires = [\"setuptools\"]\nbuild-backend = \"setuptools.build_meta\"\n")
        try workshop.write(
            "native/setup.py",
            "from setuptools import Extension, setup\n"
                + "setup(name='native', version='1', ext_modules=[Extension('native', ['native.c'])])\n")
        // Comes before Python.h, which this machine may lack, too.
        try workshop.write("native/native.c", "#include <hdf5_not_here/hdf5.h>\n")
        try workshop.write("requirements.txt", "./native\n")
        let told = try await workshop.failure {
            let layer = PythonLayer.requirements(["./native"])
            let resolution = try await workshop.resolve(layer)
            try await workshop.install(resolution, layer, as: 1)
        }
        let words = told.message
        #expect(words.contains("could not build `native"))
        #expect(words.contains("needs `hdf5_not_here/hdf5.h`") || words.contains("gcc`"), "\(told)")
        #expect(told.hint?.hasPrefix("sudo apt install ") == true, "\(told)")
    }
}

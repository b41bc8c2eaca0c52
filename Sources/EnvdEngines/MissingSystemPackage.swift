internal import EnvdCore

/// What a build from source found missing on the machine, and the Debian package that has it.
///
/// The words are those of gcc, ld, pkg-config, CMake, Meson, setuptools and of the build scripts of packages themselves.
struct MissingSystemPackage: Hashable {
    /// As the build named it: `Python.h`, `gcc`, `libpq.pc`, `-lopenblas`.
    var thing: String
    /// Nil where it is in none that is known here: `apt-file` finds more.
    var package: String?

    /// The first thing that a build's words say is missing; nil where they say nothing of the kind.
    init?(_ words: String) {
        for line in words.split(whereSeparator: \.isNewline) {
            guard let thing = Self.patterns.lazy.compactMap({ $0.thing(in: line) }).first else { continue }
            self.thing = thing
            package = Self.packages[thing] ?? Self.byDirectory(of: thing)
            return
        }
        return nil
    }

    var cause: String { "building it needs `\(thing)`, which is not on this machine" }

    /// What to do about it.
    var hint: String {
        guard let package else {
            return "install the package of your system that has `\(thing)`: `apt-file search \(fileName)` names it"
        }
        return "sudo apt install \(package), then `envd build`"
    }

    private var fileName: String { thing.hasPrefix("-l") ? "lib\(thing.dropFirst(2)).so" : thing }

    /// `hdf5/serial/hdf5.h`: what a directory says where the file is not known.
    private static func byDirectory(of thing: String) -> String? {
        guard let slash = thing.firstIndex(of: "/") else { return nil }
        return directories[String(thing[..<slash])] ?? packages[String(thing[thing.index(after: slash)...])]
    }

    /// A text around the name of the missing thing.
    private struct Pattern {
        var before: String
        var after: String
        /// What the name becomes.
        var named: @Sendable (Substring) -> String = { String($0) }

        func thing(in line: Substring) -> String? {
            guard let start = line.firstRange(of: before) else { return nil }
            let rest = line[start.upperBound...]
            let name: Substring
            if after.isEmpty {
                name = rest.prefix { !$0.isWhitespace && !"'\"`,;:".contains($0) }
            } else {
                guard let end = rest.firstRange(of: after) else { return nil }
                name = rest[..<end.lowerBound]
            }
            guard !name.isEmpty, name.count < 100, !name.contains(where: \.isWhitespace) else { return nil }
            return named(name)
        }
    }

    private static let patterns: [Pattern] = {
        let module: @Sendable (Substring) -> String = { "\($0).pc" }
        let library: @Sendable (Substring) -> String = { "-l\($0)" }
        let program: @Sendable (Substring) -> String = { String($0.split(separator: "/").last ?? $0) }
        return [
            // gcc and clang
            Pattern(before: "fatal error: ", after: ": No such file or directory"),
            Pattern(before: "fatal error: '", after: "' file not found"),
            Pattern(before: "cannot find -l", after: "", named: library),
            // setuptools, distutils, os.execvp
            Pattern(before: "error: command '", after: "' failed: No such file or directory", named: program),
            Pattern(before: "unable to execute '", after: "': No such file or directory", named: program),
            Pattern(before: "error: [Errno 2] No such file or directory: '", after: "'", named: program),
            // pkg-config and what calls it
            Pattern(before: "No package '", after: "' found", named: module),
            Pattern(before: "Package ", after: " was not found in the pkg-config search path", named: module),
            Pattern(before: "Dependency \"", after: "\" not found", named: module),
            Pattern(before: "Dependency ", after: " not found, tried pkgconfig", named: module),
            // CMake and Meson
            Pattern(before: "Could NOT find ", after: "", named: { "\($0) (CMake)" }),
            Pattern(before: "Unknown compiler(s): [['", after: "'", named: program),
            Pattern(before: "Program '", after: "' not found", named: program),
            // Build scripts
            Pattern(before: "Error: ", after: " executable not found.", named: program),
            Pattern(before: "/bin/sh: 1: ", after: ": not found", named: program),
            Pattern(before: "error: linker `", after: "` not found", named: program),
            Pattern(before: "The headers or library files could not be found for ", after: ",", named: library),
        ]
    }()

    private static let directories = [
        "openssl": "libssl-dev", "hdf5": "libhdf5-dev", "libpq": "libpq-dev", "postgresql": "libpq-dev",
        "libxml": "libxml2-dev", "libxslt": "libxslt1-dev", "mysql": "default-libmysqlclient-dev",
        "mariadb": "libmariadb-dev", "freetype2": "libfreetype-dev", "sasl": "libsasl2-dev",
        "boost": "libboost-all-dev",
        "Eigen": "libeigen3-dev", "eigen3": "libeigen3-dev", "libavcodec": "libavcodec-dev",
        "libavformat": "libavformat-dev", "libavutil": "libavutil-dev", "libswscale": "libswscale-dev",
        "libavdevice": "libavdevice-dev", "libavfilter": "libavfilter-dev", "libswresample": "libswresample-dev",
        "cairo": "libcairo2-dev", "gdal": "libgdal-dev", "curl": "libcurl4-openssl-dev", "dbus": "libdbus-1-dev",
        "sys": "libc6-dev", "linux": "linux-libc-dev", "libusb-1.0": "libusb-1.0-0-dev", "tbb": "libtbb-dev",
    ]

    /// Debian 12's packages, by header, program, pkg-config module, library and CMake package.
    private static let packages: [String: String] = {
        var known: [String: String] = [:]
        for (package, things) in [
            ("python3-dev", "Python.h pyconfig.h python3-config python3.pc python-3.11.pc"),
            (
                "build-essential",
                "gcc g++ cc c++ x86_64-linux-gnu-gcc x86_64-linux-gnu-g++ aarch64-linux-gnu-gcc aarch64-linux-gnu-g++ make"
            ),
            ("libc6-dev", "stdio.h stdlib.h limits.h math.h crypt.h -lm -lc -lpthread"),
            ("gfortran", "gfortran f77 f95"),
            ("cmake", "cmake"), ("ninja-build", "ninja"), ("pkg-config", "pkg-config pkgconf"), ("swig", "swig"),
            ("cargo", "cargo rustc"), ("git", "git"), ("patchelf", "patchelf"), ("autoconf", "autoconf autoreconf"),
            ("libtool", "libtool libtoolize"), ("clang", "clang clang++"), ("bison", "bison yacc"),
            ("flex", "flex lex"),
            ("nvidia-cuda-toolkit", "nvcc cuda.h cuda_runtime.h"),
            ("libhdf5-dev", "hdf5.h hdf5.pc -lhdf5 -lhdf5_hl HDF5"),
            ("libnetcdf-dev", "netcdf.h netcdf.pc -lnetcdf nc-config"),
            (
                "libopenblas-dev",
                "cblas.h openblas.pc blas.pc lapack.pc -lopenblas -lblas -llapack -lcblas lapacke.h BLAS LAPACK openblas"
            ),
            ("libjpeg-dev", "jpeglib.h libjpeg.pc -ljpeg jpeg JPEG"), ("libpng-dev", "png.h libpng.pc -lpng PNG"),
            ("zlib1g-dev", "zlib.h zlib.pc -lz zlib ZLIB"), ("libtiff-dev", "tiff.h tiffio.h libtiff-4.pc -ltiff TIFF"),
            ("libwebp-dev", "webp/decode.h libwebp.pc -lwebp"),
            ("libfreetype-dev", "ft2build.h freetype2.pc -lfreetype Freetype"),
            ("libpq-dev", "libpq-fe.h libpq.pc pg_config -lpq PostgreSQL"),
            ("default-libmysqlclient-dev", "mysql.h mysqlclient.pc mysql_config -lmysqlclient"),
            ("libmariadb-dev", "mariadb.pc mariadb_config libmariadb.pc -lmariadb"),
            ("libsqlite3-dev", "sqlite3.h sqlite3.pc -lsqlite3"),
            ("unixodbc-dev", "sql.h sqlext.h odbc.pc -lodbc"),
            ("libssl-dev", "openssl.pc libssl.pc libcrypto.pc -lssl -lcrypto OpenSSL"),
            ("libffi-dev", "ffi.h libffi.pc -lffi"),
            ("libxml2-dev", "libxml2.pc xml2-config -lxml2"), ("libxslt1-dev", "libxslt.pc xslt-config -lxslt"),
            ("libyaml-dev", "yaml.h yaml-0.1.pc -lyaml"), ("libbz2-dev", "bzlib.h -lbz2"),
            ("liblzma-dev", "lzma.h liblzma.pc -llzma"), ("libzstd-dev", "zstd.h libzstd.pc -lzstd"),
            ("liblz4-dev", "lz4.h liblz4.pc -llz4"), ("libsnappy-dev", "snappy-c.h snappy.h -lsnappy"),
            ("libreadline-dev", "readline/readline.h -lreadline"), ("libncurses-dev", "ncurses.h curses.h -lncurses"),
            ("libgmp-dev", "gmp.h gmp.pc -lgmp"), ("libmpfr-dev", "mpfr.h mpfr.pc -lmpfr"),
            ("libmpc-dev", "mpc.h -lmpc"), ("libgsl-dev", "gsl.pc gsl-config -lgsl"),
            ("libfftw3-dev", "fftw3.h fftw3.pc -lfftw3 -lfftw3f"),
            ("libsuitesparse-dev", "cholmod.h umfpack.h -lumfpack"),
            ("libgeos-dev", "geos_c.h geos-config geos.pc -lgeos_c"), ("libproj-dev", "proj.h proj.pc -lproj proj"),
            ("libgdal-dev", "gdal.h gdal-config gdal.pc -lgdal"), ("libspatialindex-dev", "-lspatialindex_c"),
            ("portaudio19-dev", "portaudio.h portaudio-2.0.pc -lportaudio"),
            ("libsndfile1-dev", "sndfile.h sndfile.pc -lsndfile"), ("libasound2-dev", "alsa.pc -lasound"),
            ("libcairo2-dev", "cairo.h cairo.pc -lcairo"), ("libgirepository1.0-dev", "gobject-introspection-1.0.pc"),
            ("libpango1.0-dev", "pango.pc pangocairo.pc"), ("libglib2.0-dev", "glib.h glib-2.0.pc"),
            ("libdbus-1-dev", "dbus-1.pc"), ("libsystemd-dev", "systemd/sd-daemon.h libsystemd.pc -lsystemd"),
            ("libcups2-dev", "cups/http.h cups/cups.h -lcups"), ("libldap2-dev", "ldap.h lber.h -lldap -llber"),
            ("libsasl2-dev", "sasl.h -lsasl2"), ("libkrb5-dev", "krb5.h gssapi.h krb5-config -lkrb5"),
            ("libcurl4-openssl-dev", "libcurl.pc curl-config -lcurl"), ("libevent-dev", "event.h libevent.pc -levent"),
            ("libev-dev", "ev.h -lev"), ("libuv1-dev", "uv.h libuv.pc"), ("libzmq3-dev", "zmq.h libzmq.pc -lzmq"),
            ("librdkafka-dev", "librdkafka/rdkafka.h rdkafka.pc -lrdkafka"), ("libmagic-dev", "magic.h -lmagic"),
            ("libopenmpi-dev", "mpi.h mpicc mpi.pc MPI"), ("libboost-all-dev", "Boost boost.pc"),
            ("libeigen3-dev", "Eigen3 eigen3.pc"), ("libprotobuf-dev", "Protobuf protobuf.pc"),
            ("protobuf-compiler", "protoc"), ("graphviz", "dot"),
            ("libgraphviz-dev", "graphviz/cgraph.h libcgraph.pc -lcgraph"), ("libicu-dev", "icu-i18n.pc icu-config"),
            ("libre2-dev", "re2/re2.h re2.pc"), ("libleveldb-dev", "leveldb/db.h -lleveldb"),
            ("librocksdb-dev", "rocksdb/c.h -lrocksdb"), ("libpcap-dev", "pcap.h -lpcap"),
            ("libbluetooth-dev", "bluetooth/bluetooth.h -lbluetooth"), ("libxmlsec1-dev", "xmlsec1.pc"),
            ("libsecp256k1-dev", "secp256k1.h"), ("tk-dev", "tk.h tcl.h"),
        ] as [(String, String)] {
            for thing in things.split(separator: " ") { known[String(thing)] = package }
        }
        // CMake says the name and no more.
        for thing in Array(known.keys) { known["\(thing) (CMake)"] = known[thing] }
        return known
    }()
}

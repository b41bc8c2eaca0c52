// swift-tools-version: 6.2

import PackageDescription

/// Complete checking everywhere; imports are internal unless they say otherwise.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// For what reads files of any size: the tests give it megabytes, and unoptimised it would keep them waiting for minutes.
let reading = strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]

let package = Package(
    name: "envd",
    products: [
        .executable(name: "envd", targets: ["envd"]),
        .executable(name: "envd-hook", targets: ["envd-hook"]),
        .executable(name: "envd-child", targets: ["envd-child"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    ],
    targets: [
        // C: Debian's libraries, and the system calls that Swift cannot spell.
        .systemLibrary(name: "CUV", pkgConfig: "libuv", providers: [.apt(["libuv1-dev"])]),
        .systemLibrary(name: "CMD", pkgConfig: "libmd", providers: [.apt(["libmd-dev"])]),
        .target(name: "CPosixShims"),
        .target(name: "CHookStart"),

        // Values and decisions, and the operating system under them.
        .target(name: "EnvdCore", swiftSettings: reading),
        .target(
            name: "EnvdSystem", dependencies: ["EnvdCore", "CMD", "CPosixShims"], swiftSettings: strict),

        // The grammar of Python packaging.
        .target(name: "EnvdPackaging", dependencies: ["EnvdCore"], swiftSettings: reading),

        // The daemon's parts.
        .target(
            name: "EnvdManifest",
            dependencies: ["EnvdCore", "EnvdSystem", "EnvdPackaging", .product(name: "Yams", package: "Yams")],
            exclude: ["README.md"], swiftSettings: reading),
        .target(
            name: "EnvdEngines", dependencies: ["EnvdCore", "EnvdSystem", "EnvdPackaging", "EnvdManifest"],
            // What runs below the Python of an engine that is a library.
            resources: [
                .embedInCode("Conda/Driver/rattler_driver.py"), .embedInCode("Conda/Driver/rattler_cache.py"),
                .embedInCode("Conda/Driver/rattler_requests.py"),
            ], swiftSettings: strict),
        .target(
            name: "EnvdShell", dependencies: ["EnvdCore", "EnvdSystem"],
            exclude: ["Hooks/README.md"],
            // Sources/EnvdShell/Hooks is a link to shell/: the hooks are part of the program.
            resources: [
                .embedInCode("Hooks/envd.bash"), .embedInCode("Hooks/envd.zsh"), .embedInCode("Hooks/envd.fish"),
                .embedInCode("Hooks/search.bash"), .embedInCode("Hooks/search.zsh"), .embedInCode("Hooks/search.fish"),
                .embedInCode("Hooks/prompt.fish"), .embedInCode("Hooks/source.bash"), .embedInCode("Hooks/source.zsh"),
            ], swiftSettings: strict),
        .target(
            name: "EnvdStore",
            dependencies: ["EnvdCore", "EnvdSystem", .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: strict),
        .target(
            name: "EnvdLoop", dependencies: ["CUV", "CPosixShims", "EnvdCore", "EnvdSystem"],
            swiftSettings: strict),
        .target(
            name: "EnvdDaemon",
            dependencies: [
                "EnvdCore", "EnvdSystem", "EnvdManifest", "EnvdPackaging", "EnvdEngines", "EnvdShell", "EnvdStore",
                "EnvdLoop",
                "EnvdProtocol", "EnvdControl", "CPosixShims", .product(name: "Logging", package: "swift-log"),
            ], swiftSettings: strict),

        // What goes over the sockets, and the clients' side of it.
        .target(name: "EnvdProtocol", dependencies: ["EnvdCore", "EnvdSystem"], swiftSettings: strict),
        .target(
            name: "EnvdControl", dependencies: ["EnvdCore", "EnvdProtocol"],
            // Sources/EnvdControl/Interfaces is a link to contrib/varlink/: the daemon tells what they say.
            resources: [
                .embedInCode("Interfaces/org.varlink.service.varlink"),
                .embedInCode("Interfaces/dev.envd.Control.varlink"),
            ], swiftSettings: strict),
        .target(
            name: "EnvdClient", dependencies: ["EnvdCore", "EnvdSystem", "EnvdProtocol", "CPosixShims"],
            swiftSettings: strict),

        // What people look at.
        .target(
            name: "EnvdTerminal", dependencies: ["EnvdCore", "EnvdSystem", "EnvdControl", "CPosixShims"],
            swiftSettings: strict),

        // The programs.
        .executableTarget(
            name: "envd",
            dependencies: [
                "EnvdCore", "EnvdSystem", "EnvdClient", "EnvdControl", "EnvdDaemon", "EnvdEngines", "EnvdLoop",
                "EnvdManifest", "EnvdShell", "EnvdProtocol", "EnvdStore", "EnvdTerminal",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            exclude: ["Service/Units/README.md"],
            // Sources/envd/Service/Units is a link to contrib/systemd/.
            resources: [
                .embedInCode("Service/Units/envd.socket"), .embedInCode("Service/Units/envd-control.socket"),
                .embedInCode("Service/Units/envd.service"),
            ], swiftSettings: strict),
        .executableTarget(
            name: "envd-hook",
            dependencies: ["CHookStart", "EnvdClient", "EnvdCore", "EnvdProtocol", "EnvdShell", "EnvdSystem"],
            swiftSettings: strict),
        .executableTarget(
            name: "envd-child", dependencies: ["EnvdSystem", "CPosixShims"], swiftSettings: strict),

        // Tests: one target a module, and the whole in real shells.
        .target(
            name: "EnvdTestSupport", dependencies: ["EnvdCore", "EnvdSystem", "CPosixShims"],
            path: "Tests/EnvdTestSupport", swiftSettings: strict),
        .testTarget(
            name: "EnvdCoreTests", dependencies: ["EnvdCore", "EnvdSystem"], swiftSettings: strict),
        .testTarget(
            name: "EnvdSystemTests", dependencies: ["EnvdCore", "EnvdSystem", "EnvdTestSupport"], swiftSettings: strict),
        .testTarget(
            name: "EnvdPackagingTests",
            dependencies: ["EnvdCore", "EnvdSystem", "EnvdPackaging", "EnvdTestSupport"], swiftSettings: strict),
        .testTarget(
            name: "EnvdManifestTests",
            dependencies: [
                "EnvdCore", "EnvdSystem", "EnvdPackaging", "EnvdManifest", "EnvdTestSupport",
                // Only to compare with: it does not survive what strangers write (see TOMLParser).
                .product(name: "TOMLKit", package: "TOMLKit"),
            ], swiftSettings: strict),
        .testTarget(
            name: "EnvdEnginesTests",
            dependencies: [
                "EnvdCore", "EnvdSystem", "EnvdPackaging", "EnvdManifest", "EnvdEngines", "EnvdTestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "EnvdShellTests",
            dependencies: ["EnvdCore", "EnvdSystem", "EnvdManifest", "EnvdShell", "EnvdTestSupport", "envd-hook"],
            swiftSettings: strict),
        .testTarget(
            name: "EnvdStoreTests", dependencies: ["EnvdCore", "EnvdSystem", "EnvdStore", "EnvdTestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "EnvdLoopTests", dependencies: ["EnvdCore", "EnvdSystem", "EnvdLoop", "EnvdTestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "EnvdProtocolTests",
            dependencies: ["EnvdCore", "EnvdSystem", "EnvdProtocol", "EnvdControl", "EnvdClient", "EnvdTestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "EnvdTerminalTests", dependencies: ["EnvdCore", "EnvdControl", "EnvdTerminal"],
            swiftSettings: strict),
        .testTarget(
            name: "EnvdDaemonTests",
            dependencies: [
                "EnvdCore", "EnvdSystem", "EnvdDaemon", "EnvdEngines", "EnvdStore", "EnvdLoop", "EnvdProtocol",
                "EnvdControl", "EnvdShell",
                "EnvdTestSupport", .product(name: "Logging", package: "swift-log"),
            ], swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["EnvdCore", "EnvdSystem", "EnvdTestSupport", "envd", "envd-hook", "envd-child"],
            swiftSettings: strict),
        .testTarget(
            name: "FaultTests",
            dependencies: [
                "EnvdCore", "EnvdSystem", "EnvdProtocol", "EnvdTestSupport", "envd", "envd-hook", "envd-child",
            ], swiftSettings: strict),

        .testTarget(
            name: "ServiceTests",
            dependencies: ["EnvdCore", "EnvdSystem", "EnvdTestSupport", "envd", "envd-hook", "envd-child"],
            swiftSettings: strict),

        // Readers of what strangers write, for libFuzzer (`make fuzz`) and over what it found.
        .target(
            name: "FuzzTargets",
            dependencies: [
                "EnvdCore", "EnvdSystem", "EnvdPackaging", "EnvdManifest", "EnvdEngines", "EnvdProtocol", "EnvdControl",
                "EnvdStore", "EnvdTestSupport",
            ], path: "Tests/FuzzTargets", swiftSettings: strict),
        .testTarget(name: "FuzzTests", dependencies: ["EnvdCore", "EnvdSystem", "FuzzTargets"], swiftSettings: strict),
    ]
)

if Context.environment["ENVD_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "envd-fuzz", dependencies: ["FuzzTargets"], path: "Tests/Fuzz",
            swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]))
}

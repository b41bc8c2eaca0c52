/// The engines that envd installs for itself, pinned.
package enum EngineCatalogue {
    /// A wheel set on PyPI: one hash a platform.
    package struct Entry: Hashable, Sendable {
        package var name: String
        package var version: String
        /// SHA-256 of each wheel.
        package var hashes: [String]

        /// The line of a requirements file that pip holds every download against.
        package var requirement: String {
            "\(name)==\(version)" + hashes.map { " \\\n    --hash=sha256:\($0)" }.joined() + "\n"
        }
        /// The directory below `engines` that holds it.
        package var directoryName: String { "\(name)-\(version)" }
    }

    /// Wheels for x86_64 (manylinux, musllinux) and aarch64 (manylinux_2_28, manylinux2014 with musllinux).
    package static let uv = Entry(
        name: "uv", version: "0.13.8",
        hashes: [
            "e18a57b8b352eb7c8feb317b9f6f533c8f0ad9673fd6cf34bbe3cf1a9f6a8984",
            "29451c60f5e8b07403e0a175d5229efc36b0289b34143ff4aaa499a5dd52553a",
            "5337c30bb893b4f9ce0ceb921ba2da0d13f649da644f40ad3bef84083bef0203",
            "0b3e8b1a4f5e405e31e2ff33de8af4744831e9f7338539671efbd8c3c94e791d",
        ])

    /// The oldest uv of a user's that has every option that is used here.
    package static let oldestUv = "0.8.0"
}

/// Which of an environment's libraries go onto LD_LIBRARY_PATH.
package struct LibraryPath: Hashable, Sendable, Codable {
    package enum Mode: String, Hashable, Sendable, Codable, CaseIterable {
        /// Those that stand before none of the system's, each tried.
        case safe
        /// The directories themselves.
        case full
        case off
    }

    package var mode: Mode
    /// Sonames or file names that are never offered in `safe`, `*` for any text; in byte order.
    package var excluded: [String]

    package init(mode: Mode = .safe, excluded: [String] = []) {
        self.mode = mode
        self.excluded = excluded
    }
}

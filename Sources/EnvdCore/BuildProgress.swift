/// How far the part of a build that runs is, as far as its engine tells: what it does not tell is nil.
package struct BuildProgress: Hashable, Sendable, Codable {
    /// What is at hand: a package's name, with the version where the engine says it.
    package var package: String?
    /// Of `total`, how many are done.
    package var done: Int?
    /// What is counted is what the phase works on: packages that are fetched or linked; of uv's downloads those that it
    /// names one by one, which are the large ones.
    package var total: Int?
    /// Of `totalBytes`, how much is done.
    package var doneBytes: ByteSize?
    package var totalBytes: ByteSize?

    package init(
        package: String? = nil, done: Int? = nil, total: Int? = nil, doneBytes: ByteSize? = nil,
        totalBytes: ByteSize? = nil
    ) {
        self.package = package
        self.done = done
        self.total = total
        self.doneBytes = doneBytes
        self.totalBytes = totalBytes
    }

    /// From 0 to 1, by bytes where those are known; nil where nothing is counted.
    package var fraction: Double? {
        if let doneBytes, let totalBytes, totalBytes.bytes > 0 {
            return min(1, Double(doneBytes.bytes) / Double(totalBytes.bytes))
        }
        guard let done, let total, total > 0 else { return nil }
        return min(1, Double(done) / Double(total))
    }
}

import EnvdCore
import EnvdEngines
import Testing

@Suite("What uv tells of its progress")
struct UvProgressTests {
    /// What uv 0.13 writes to a pipe.
    private let lines = """
        Using Python 3.11.7 environment at: v
        Resolved 9 packages in 477ms
           Building gated @ file:///p
        Downloading pandas (11.8MiB)
        Downloading numpy (18.6MiB)
              Built gated @ file:///p
         Downloaded pandas
         Downloaded numpy
        Prepared 9 packages in 2.37s
        Uninstalled 1 package in 86ms
        Installed 9 packages in 108ms
         + certifi==2026.10.18
        """.split(separator: "\n").map(String.init)

    @Test("is counted as it comes, and nothing is made up")
    func counted() {
        var told = UvProgress()
        let steps = lines.compactMap { line in
            told.take(line).map { "\($0.phase)|\($0.progress.package ?? "-")|\(counts($0.progress))" }
        }
        #expect(
            steps == [
                "|-|nil of 9, nil of nil", "building|gated|0 of 1, nil of nil",
                "downloading|pandas|0 of 2, nil of nil", "downloading|numpy|0 of 3, nil of nil",
                "downloading|numpy|1 of 3, nil of nil", "downloading|numpy|2 of 3, nil of nil",
                "downloading|-|3 of 3, nil of nil", "linking|-|0 of 9, nil of nil", "linking|-|9 of 9, nil of nil",
            ])
    }

    @Test("has sizes where each download says its own")
    func sizes() {
        var told = UvProgress()
        let steps = lines.filter { !$0.contains("gated") }.compactMap { told.take($0) }
        let bytes = steps.compactMap { step in
            step.progress.totalBytes.map { (step.progress.doneBytes?.bytes, $0.bytes) }
        }
        let (pandas, numpy) = (Int64(12_373_197), Int64(19_503_514))
        #expect(bytes.map(\.0) == [0, 0, pandas, pandas + numpy])
        #expect(bytes.map(\.1) == [pandas, pandas + numpy, pandas + numpy, pandas + numpy])
        #expect(steps.map(\.progress.fraction).compactMap(\.self).last == 1)
    }

    @Test("is not taken from anything else")
    func others() {
        var told = UvProgress()
        for line in [
            "", "Downloaded ", "Downloaded x", "Resolved many packages", "error: Building failed", "  cause: x",
        ] {
            #expect(told.take(line) == nil, "\(line)")
        }
    }

    private func counts(_ progress: BuildProgress) -> String {
        func text(_ number: (some CustomStringConvertible)?) -> String { number.map(\.description) ?? "nil" }
        return
            "\(text(progress.done)) of \(text(progress.total)), \(text(progress.doneBytes)) of \(text(progress.totalBytes))"
    }
}

import EnvdCore
import EnvdManifest
import EnvdSystem
import Testing

@Suite("Hostile input in every format", .serialized)
struct FormatMutationTests {
    @Test("a hundred and twenty mutations of each file give a spec or a diagnostic", arguments: SampleFormat.all)
    func mutations(format: SampleFormat) throws {
        var generator = Seeded(state: 0x9E37_79B9_7F4A_7C15)
        let pieces = [
            "[", "]", "{", "}", "\"", "'", "\\", "\n", "\r\n", "=", ".", "#", ";", ":", "-e ", "-r ", "null", "${A}",
            "\u{0}", "é",
        ]
        let project = try format.project(format.files)
        let names = format.files.keys.sorted()
        for _ in 0..<120 {
            let name = names[Int(generator.next() % UInt64(names.count))]
            var bytes = Array((format.files[name] ?? "").utf8)
            for _ in 0...(generator.next() % 4) where !bytes.isEmpty {
                let at = Int(generator.next() % UInt64(bytes.count + 1))
                let length = min(Int(generator.next() % 12), bytes.count - at)
                switch generator.next() % 5 {
                case 0: bytes.removeSubrange(at..<(at + length))
                case 1: bytes.insert(contentsOf: pieces[Int(generator.next() % UInt64(pieces.count))].utf8, at: at)
                case 2: bytes.insert(contentsOf: Array(bytes[at..<(at + length)]), at: at)
                case 3: bytes.insert(UInt8(truncatingIfNeeded: generator.next()), at: at)
                default: bytes.removeSubrange(at...)
                }
            }
            try project.write(name, bytes)
            _ = project.isProject
            switch project.reading.spec {
            case .success(let spec):
                for line in spec.python.requirements + spec.python.constraints + spec.python.options
                    + (spec.conda?.specs ?? [])
                {
                    #expect(!line.utf8.contains(0x0A), "\(line)")
                }
            case .failure(let diagnostic): #expect(diagnostic.message.hasPrefix("could not "), "\(diagnostic)")
            }
            try project.write(name, format.files[name] ?? "")
        }
    }

    @Test(
        "a FIFO or a directory in place of a manifest holds nobody up",
        arguments: [
            "Pipfile", "pylock.toml", "setup.py", "setup.cfg", "envd.toml", "requirements.in", "Pipfile.lock",
            "environment.yml", "conda.yaml", "conda-lock.yml",
        ])
    func notAFile(name: String) throws {
        for isFifo in [true, false] {
            let project = try SampleProject(name == "Pipfile.lock" ? ["Pipfile": "[packages]\n"] : [:])
            if isFifo {
                try FileSystem.makeFifo(project.root / name)
            } else {
                try FileSystem.makeDirectories(project.root / name)
            }
            if case .failure(let diagnostic) = project.reading.spec {
                #expect(diagnostic.message.hasPrefix("could not read `\(name)`: "), "\(diagnostic)")
            } else {
                #expect(name == "Pipfile.lock")
            }
        }
    }
}

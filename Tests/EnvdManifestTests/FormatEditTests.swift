import EnvdCore
import EnvdManifest
import EnvdSystem
import Testing

@Suite("In every format", .serialized)
struct FormatEditTests {
    private func fingerprint(_ format: SampleFormat, _ files: [String: String]) throws -> Fingerprint {
        var spec = try format.project(files).spec()
        // Directories of tests differ in their names.
        if !spec.name.description.hasPrefix("sample") && spec.name != "other" { spec.name = "sample" }
        return Fingerprint(of: spec.canonicalEncoding)
    }

    @Test("an edit without meaning changes nothing, and one with meaning does", arguments: SampleFormat.all)
    func edits(format: SampleFormat) throws {
        let base = try fingerprint(format, format.files)
        let text = try #require(format.files[format.name])
        for (edits, isTelling) in [(format.harmless, false), (format.telling, true)] {
            for (old, new) in edits {
                try #require(text.contains(old), "\(old)")
                var files = format.files
                files[format.name] = text.replacing(old, with: new)
                #expect((try fingerprint(format, files) != base) == isTelling, "\(old) → \(new)")
            }
        }
    }

    @Test("an included file that changes counts and is watched", arguments: SampleFormat.all)
    func included(format: SampleFormat) throws {
        var files = format.files
        let project = try format.project(files)
        #expect(project.inputs.contains(format.included.name), "\(project.inputs)")
        files[format.included.name] = format.included.text
        #expect(try fingerprint(format, files) != fingerprint(format, format.files))
    }

    @Test("a malformed file is told with its line", arguments: SampleFormat.all.filter { $0.malformed.line > 0 })
    func malformed(format: SampleFormat) throws {
        var files = format.files
        files[format.name] = format.malformed.text
        let diagnostic = try format.project(files).diagnostic()
        #expect(diagnostic.location?.file.name.description == format.name.split(separator: "/").last.map(String.init))
        #expect(diagnostic.location?.line == format.malformed.line, "\(diagnostic)")
        if let column = format.malformed.column { #expect(diagnostic.location?.column == column, "\(diagnostic)") }
        #expect(diagnostic.hint != nil)
    }

    @Test(
        "a malformed file that only the engine can judge is no other than it is",
        arguments: SampleFormat.all.filter { $0.malformed.line == 0 && !$0.malformed.text.isEmpty })
    func malformedElsewhere(format: SampleFormat) throws {
        var files = format.files
        files[format.name] = format.malformed.text
        switch try format.project(files).reading.spec {
        case .success:
            #expect(try fingerprint(format, files) == fingerprint(format, files))
            #expect(try fingerprint(format, files) != fingerprint(format, format.files))
        case .failure(let diagnostic): #expect(diagnostic.message.contains(format.name) && diagnostic.hint != nil)
        }
    }

    @Test("an empty file is read", arguments: SampleFormat.all)
    func empty(format: SampleFormat) throws {
        let project = try format.project([format.name: ""])
        switch project.reading.spec {
        case .success(let spec): #expect(format.isEmptyFine && spec.python.requirements.isEmpty)
        case .failure(let diagnostic): #expect(!diagnostic.message.isEmpty)
        }
    }

    @Test("a file of 10 MB is read in the end", arguments: SampleFormat.all)
    func large(format: SampleFormat) throws {
        let project = try format.project(format.files)
        var bytes = Array(format.filler.prefix.utf8)
        let line = Array(format.filler.line.utf8)
        bytes.reserveCapacity(11 << 20)
        while bytes.count < 10 << 20 { bytes += line }
        try project.write(format.name, bytes)
        switch project.reading.spec {
        case .success: break
        case .failure(let diagnostic): #expect(diagnostic.message.hasPrefix("could not "), "\(diagnostic)")
        }
    }

    @Test("a file that vanishes leaves what else is there, or a message", arguments: SampleFormat.all)
    func vanished(format: SampleFormat) throws {
        let project = try format.project(format.files)
        _ = try project.spec()
        try FileSystem.remove(project.root / format.name)
        let reading = project.reading
        #expect(!reading.followed.contains(project.root / format.name))
        if case .failure(let diagnostic) = reading.spec { #expect(diagnostic.message.hasPrefix("could not ")) }
    }
}

internal import EnvdCore
internal import EnvdManifest

/// The `[[tool.poetry.source]]` of a project as options of a requirements file, with the credentials that its user
/// gave Poetry in the environment.
struct PoetryIndexes {
    /// For packages: as Poetry has it, primary sources stand in PyPI's place.
    let strict: [String]
    /// For what builds a package: beside what the user's uv or pip knows.
    let additional: [String]

    init(_ layer: PythonLayer, environment: [ByteString: ByteString]) {
        let all = PoetrySource.sources(of: layer)
        let sources = all.filter { !$0.url.isEmpty }
        let urls = sources.map { Self.url(of: $0, environment) }
        additional = urls.map { "--extra-index-url \($0)" }
        let first = sources.firstIndex { $0.isPrimary }
        guard let first, all.count == sources.count else {
            strict = additional
            return
        }
        strict =
            ["--index-url \(urls[first])"]
            + urls.indices.filter { $0 != first }.map { "--extra-index-url \(urls[$0])" }
    }

    /// POETRY_HTTP_BASIC_NAME_USERNAME and …_PASSWORD go into the address, which stands in a file of the build's own.
    private static func url(of source: PoetrySource, _ environment: [ByteString: ByteString]) -> String {
        let name = String(source.name.uppercased().map { $0 == "-" ? "_" : $0 })
        func value(_ what: String) -> String? {
            environment[ByteString("POETRY_HTTP_BASIC_\(name)_\(what)")]?.description
        }
        guard let user = value("USERNAME"), let scheme = source.url.firstRange(of: "://"),
            !source.url[scheme.upperBound...].prefix(while: { $0 != "/" }).contains("@")
        else { return source.url }
        let word = value("PASSWORD").map { ":\(escaped($0))" } ?? ""
        return source.url[..<scheme.upperBound] + escaped(user) + word + "@" + source.url[scheme.upperBound...]
    }

    /// Everything but the unreserved characters of RFC 3986 as `%XX`.
    private static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        return text.utf8.reduce(into: "") { result, byte in
            let scalar = Unicode.Scalar(byte)
            if scalar.isASCII,
                scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                    || "-._~".unicodeScalars.contains(scalar)
            {
                result.unicodeScalars.append(scalar)
            } else {
                result += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
    }
}

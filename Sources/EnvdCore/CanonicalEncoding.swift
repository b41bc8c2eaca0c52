/// The one encoding of a value's meaning: what fingerprints are made of.
///
/// Every piece carries its kind and its length in bytes, so that no two values share an encoding
/// (`["ab"]` is not `["a", "b"]`); tables go by their keys' byte order.
package struct CanonicalEncoding: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package mutating func append(_ kind: Character, _ content: some Sequence<UInt8>) {
        let content = Array(content)
        bytes += Array("\(kind)\(content.count):".utf8)
        bytes += content
    }

    package mutating func append(_ text: String) { append("s", text.utf8) }
    package mutating func append(_ value: ByteString) { append("s", value.bytes) }

    package mutating func append(_ texts: [String]) {
        append("l", String(texts.count).utf8)
        texts.forEach { append($0) }
    }

    package mutating func append(_ value: CanonicalValue?) {
        switch value {
        case nil: append("n", [])
        case .text(let text): append(text)
        case .integer(let number): append("i", String(number).utf8)
        case .number(let number): append("d", String(number).utf8)
        case .truth(let truth): append("t", [truth ? 1 : 0])
        case .list(let values):
            append("l", String(values.count).utf8)
            values.forEach { append($0) }
        case .table(let table):
            append("m", String(table.count).utf8)
            let pairs = table.sorted { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }
            for (key, value) in pairs {
                append(key)
                append(value)
            }
        }
    }
}

extension Spec {
    /// Changes whenever something changes that an engine would read, and only then.
    package var canonicalEncoding: CanonicalEncoding {
        var encoding = CanonicalEncoding()
        encoding.append("envd spec 1")
        encoding.append(name)
        encoding.append(python.format.rawValue)
        encoding.append(python.manifest.bytes)
        encoding.append(python.lock.map { [$0.path.description, $0.content.hex] } ?? [])
        encoding.append(python.requiresPython)
        encoding.append(python.requirements)
        encoding.append(python.constraints)
        encoding.append(python.groups)
        encoding.append(python.extras)
        encoding.append(python.options)
        encoding.append(python.settings)
        encoding.append(python.project.map { [$0.name] } ?? [])
        encoding.append(python.project?.metadata)
        for companion in python.companions {
            encoding.append(companion.manifest.bytes)
            encoding.append(companion.lock.map { [$0.path.description, $0.content.hex] } ?? [])
        }
        if let engine = python.engine { encoding.append(engine.rawValue) }
        conda?.append(to: &encoding)
        if libraryPath != LibraryPath() {
            encoding.append("libraries")
            encoding.append([libraryPath.mode.rawValue] + libraryPath.excluded)
        }
        return encoding
    }
}

extension CondaLayer {
    /// After all of the Python layer, so that a spec without this one keeps its fingerprint.
    fileprivate func append(to encoding: inout CanonicalEncoding) {
        encoding.append("conda layer 1")
        encoding.append(format.rawValue)
        encoding.append(manifest.bytes)
        encoding.append(lock.map { [$0.path.description, $0.content.hex] } ?? [])
        encoding.append(channels)
        encoding.append(channelPriority.rawValue)
        encoding.append(specs)
        encoding.append(pins)
        for package in packages { encoding.append([package.url, package.sha256 ?? "", package.md5 ?? ""]) }
        encoding.append(.table(variables.mapValues { .text($0) }))
        encoding.append(pip.map { _ in ["pip"] } ?? [])
        if let pip {
            encoding.append(pip.requirements)
            encoding.append(pip.constraints)
            encoding.append(pip.options)
        }
        encoding.append(promptTemplate)
        encoding.append(machine)
    }
}

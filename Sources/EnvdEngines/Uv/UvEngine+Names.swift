internal import EnvdCore
internal import EnvdSystem

extension UvEngine {
    /// Arguments as uv takes them: of the files that it is given it wants names in UTF-8, and refuses others unread.
    ///
    /// Such a file's directory gets a link in the scratch directory, and the file is named through that.
    static func named(_ arguments: [ByteString], scratch: Path) -> [ByteString] {
        arguments.map { argument in
            guard String(validating: argument.bytes, as: UTF8.self) == nil else { return argument }
            let file = Path(argument)
            guard file.isAbsolute, (try? FileSystem.status(file))??.kind == .file else { return argument }
            let link = scratch / "named-\(ProjectID(root: file.parent))"
            guard (try? FileSystem.replaceLink(link, to: file.parent)) != nil else { return argument }
            return link.appending(Path(file.name)).bytes
        }
    }
}

internal import EnvdCore
internal import EnvdSystem

/// The files that one reading looks at: each is read once and written down, there or not.
struct InputFiles {
    let root: Path
    private var contents: [Path: Result<[UInt8], SystemError>] = [:]
    private var order: [Path] = []
    private var digests: [Path: Fingerprint?] = [:]
    private var total = 0
    private var digested = 0

    /// In one reading: more names than these are not looked at.
    static let maximumCount = 512
    /// Bytes of one file, and of all of them.
    static let maximumSize = 16 << 20
    static let maximumTotal = 48 << 20
    /// Bytes of the archives that are hashed and not kept.
    static let maximumDigested = 256 << 20

    init(root: Path) { self.root = root }

    /// Everything that was asked for, in the order of asking.
    var inputs: [InputFile] {
        order.map { path in
            if let digest = digests[path] { return InputFile(path: path, content: digest) }
            return InputFile(path: path, content: (try? contents[path]?.get()).map { Fingerprint(of: $0) })
        }
    }

    /// The bytes of a file below the root or elsewhere.
    ///
    /// - Throws: why they cannot be had; `EFBIG` also where all files together are too many.
    mutating func read(_ path: Path) throws(SystemError) -> [UInt8] {
        let path = simplified(root.appending(path))
        if let known = contents[path] { return try known.get() }
        guard order.count < Self.maximumCount, total < Self.maximumTotal else {
            throw SystemError("read", path, code: SystemError.tooMuch)
        }
        let result: Result<[UInt8], SystemError>
        do throws(SystemError) {
            result = .success(try FileSystem.read(path, limit: Self.maximumSize))
        } catch {
            result = .failure(error)
        }
        contents[path] = result
        order.append(path)
        if case .success(let bytes) = result { total += bytes.count }
        return try result.get()
    }

    /// The bytes, or nil where the file is not there or cannot be read; written down in any case.
    mutating func readIfPresent(_ path: Path) -> [UInt8]? { try? read(path) }

    /// The digest of a file whose content nobody parses (a wheel); nil where it cannot be had.
    mutating func digest(_ path: Path) -> Fingerprint? {
        let path = simplified(root.appending(path))
        if let known = digests[path] { return known }
        if case .success(let bytes) = contents[path] { return Fingerprint(of: bytes) }
        guard contents[path] == nil, order.count < Self.maximumCount else { return nil }
        var digest: Fingerprint?
        if digested < Self.maximumDigested, let bytes = try? FileSystem.read(path, limit: Self.maximumSize) {
            digested += bytes.count
            digest = Fingerprint(of: bytes)
        }
        digests[path] = .some(digest)
        order.append(path)
        return digest
    }

    /// The path without `.` and without `..` after a directory that is no link, so that one file has one name.
    func simplified(_ path: Path) -> Path {
        // The kernel opens no longer one (PATH_MAX, limits.h).
        guard path.bytes.bytes.count < 4096 else { return path }
        let pieces = path.bytes.split(separator: UInt8(ascii: "/"))
        guard path.isAbsolute, pieces.contains(where: { $0 == "." || $0 == ".." }) else { return path }
        var result = Path.root
        for piece in pieces where !piece.isEmpty && piece != "." {
            if piece == ".." {
                let status = try? FileSystem.status(result, followingLink: false)
                if status?.kind == .directory || result == .root {
                    result = result.parent
                    continue
                }
            }
            result = result.appending(Path(piece))
        }
        return result
    }
}

extension SystemError {
    /// `EFBIG`, for files that are too many or too large together.
    fileprivate static var tooMuch: Int32 { 27 }
}

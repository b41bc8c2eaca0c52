internal import EnvdCore
internal import EnvdSystem

/// What the dynamic linker reads in a program or a library, as far as it decides which other libraries are loaded.
///
/// Source: elf(5) and the System V ABI, chapter 5. Only 64-bit little-endian files of this machine's kind are read.
struct ElfObject: Hashable, Sendable {
    /// Whether it is a library, and not a program.
    let isLibrary: Bool
    /// DT_SONAME.
    let soname: ByteString?
    /// DT_NEEDED, in its order.
    let needed: [ByteString]
    /// DT_RPATH, without effect where there is a DT_RUNPATH.
    let rpath: [ByteString]
    /// DT_RUNPATH.
    let runpath: [ByteString]
    /// PT_INTERP: the dynamic linker that a program starts with.
    let interpreter: Path?
    /// DT_AUDIT or DT_DEPAUDIT: code that the dynamic linker itself would run.
    let isAudited: Bool

    /// What does not fit a plausible file is refused, so that a hostile one costs no time.
    private enum Limit {
        static let segments = 512
        static let dynamicEntries = 65536
        static let names = 4096
        static let nameLength = 4096
    }

    /// Nil for what is no such file, for another machine, or cut off: the dynamic linker would fail on it, or pass it by.
    init?(reading path: Path) {
        guard let file = try? RandomAccessFile(path) else { return nil }
        let header = file.read(at: 0, count: 64)
        guard header.count == 64, header.starts(with: [0x7f, 0x45, 0x4c, 0x46, 2, 1]),
            header.number(at: 18, width: 2) == Self.machine
        else { return nil }
        let kind = header.number(at: 16, width: 2)
        let count = header.number(at: 56, width: 2)
        guard kind == 2 || kind == 3, header.number(at: 54, width: 2) == 56, count <= Limit.segments else { return nil }
        let table = file.read(at: header.number(at: 32), count: count * 56)
        guard table.count == count * 56 else { return nil }
        let segments = (0..<count).map { Segment(table, at: $0 * 56) }
        // A segment that goes on after the file's end is a bus error for whoever touches it.
        guard segments.allSatisfy({ !$0.isLoaded || $0.fits(in: file.size) }) else { return nil }
        interpreter = segments.first { $0.isInterpreter }.flatMap { segment in
            file.text(at: segment.offset, limit: Limit.nameLength).map { Path($0) }
        }
        var entries: [(tag: Int, value: Int)] = []
        if let dynamic = segments.first(where: { $0.isDynamic }) {
            let bytes = file.read(at: dynamic.offset, count: min(dynamic.size, Limit.dynamicEntries * 16))
            for offset in stride(from: 0, to: bytes.count - 15, by: 16) {
                let tag = bytes.number(at: offset)
                if tag == 0 { break }
                entries.append((tag, bytes.number(at: offset + 8)))
            }
        }
        guard let names = Names(entries, segments, file), names.count <= Limit.names else { return nil }
        guard let needed = names.all(1), let sonames = names.all(14), let rpath = names.all(15),
            let runpath = names.all(29)
        else { return nil }
        self.needed = needed
        soname = sonames.first.flatMap { $0.isEmpty ? nil : $0 }
        self.rpath = rpath.flatMap { $0.split(separator: UInt8(ascii: ":")) }
        self.runpath = runpath.flatMap { $0.split(separator: UInt8(ascii: ":")) }
        isAudited = entries.contains { $0.tag == 0x6fff_fefc || $0.tag == 0x6fff_fefb }
        // DT_FLAGS_1 with DF_1_PIE: a program that looks like a library.
        isLibrary = kind == 3 && !entries.contains { $0.tag == 0x6fff_fffb && $0.value & 0x0800_0000 != 0 }
    }

    /// `e_machine` of what runs here.
    private static let machine: Int = {
        #if arch(arm64)
            183
        #else
            62
        #endif
    }()

    private struct Segment {
        let kind: Int
        let offset: Int
        let address: Int
        let size: Int

        init(_ table: [UInt8], at start: Int) {
            kind = table.number(at: start, width: 4)
            offset = table.number(at: start + 8)
            address = table.number(at: start + 16)
            size = table.number(at: start + 32)
        }

        var isLoaded: Bool { kind == 1 }
        var isDynamic: Bool { kind == 2 }
        var isInterpreter: Bool { kind == 3 }

        func fits(in fileSize: Int) -> Bool {
            offset >= 0 && size >= 0 && offset <= fileSize && size <= fileSize - offset
        }

        /// Where the byte at a virtual address lies in the file.
        func place(of wanted: Int) -> Int? {
            guard isLoaded, wanted >= address, wanted - address < size else { return nil }
            return offset + (wanted - address)
        }
    }

    /// The names that a dynamic section points to.
    private struct Names {
        private let entries: [(tag: Int, value: Int)]
        private let file: RandomAccessFile
        private let table: Int
        private let size: Int

        /// Nil where names are used and the table of them lies nowhere.
        init?(_ entries: [(tag: Int, value: Int)], _ segments: [Segment], _ file: RandomAccessFile) {
            self.entries = entries.filter { [1, 14, 15, 29].contains($0.tag) }
            self.file = file
            let address = entries.first { $0.tag == 5 }?.value
            let place = address.flatMap { address in segments.lazy.compactMap { $0.place(of: address) }.first }
            guard place != nil || self.entries.isEmpty else { return nil }
            table = place ?? 0
            size = entries.first { $0.tag == 10 }?.value ?? 0
        }

        var count: Int { entries.count }

        func all(_ tag: Int) -> [ByteString]? {
            var found: [ByteString] = []
            for entry in entries where entry.tag == tag {
                guard entry.value >= 0, entry.value < min(size, file.size),
                    let name = file.text(at: table + entry.value, limit: Limit.nameLength)
                else { return nil }
                found.append(name)
            }
            return found
        }
    }
}

extension RandomAccessFile {
    /// What stands before the next NUL; nil where none comes within `limit` bytes.
    fileprivate func text(at offset: Int, limit: Int) -> ByteString? {
        for length in [256, limit] {
            let bytes = read(at: offset, count: length)
            if let end = bytes.firstIndex(of: 0) { return ByteString(bytes[..<end]) }
        }
        return nil
    }
}

extension [UInt8] {
    /// Little-endian; -1 for what is more than an `Int` holds.
    fileprivate func number(at offset: Int, width: Int = 8) -> Int {
        let value = (0..<width).reduce(UInt64(0)) { $0 | UInt64(self[offset + $1]) << UInt64(8 * $1) }
        return Int(exactly: value) ?? -1
    }
}

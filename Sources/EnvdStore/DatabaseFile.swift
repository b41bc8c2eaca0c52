internal import EnvdCore
internal import EnvdSystem
internal import Foundation
internal import GRDB

/// The SQLite file under a `Store`: opened, looked through, and put aside where it is damaged.
struct DatabaseFile {
    let path: Path
    let migrations: DatabaseMigrator
    /// What all the migrations come to, by name, as SQLite keeps it.
    let tables: [String]

    /// What a look through the file found that SQLite itself does not mind.
    struct Damage: Error, CustomStringConvertible {
        var description: String
    }

    /// Opens the file, makes it where it is missing and brings an older one up to date.
    ///
    /// - Parameter check: looks through what the tables hold; throws `Damage`.
    /// - Throws: what SQLite says; see `isDamageAtOpening` and `diagnostic`.
    func open(check: @Sendable (Database) throws -> Void) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.maximumReaderCount = 1
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA synchronous = FULL; PRAGMA cache_size = -512")
        }
        let pool = try DatabasePool(path: path.description, configuration: configuration)
        do {
            if try pool.read(migrations.hasBeenSuperseded) {
                guard try pool.read(migrations.hasCompletedMigrations) else {
                    throw Damage(description: "it tells of steps that nobody took")
                }
                throw Diagnostic(
                    "could not open the database `\(path)`: a newer envd made it",
                    hint: "use that one, or move the file away: envd makes it anew from the generations on disk")
            }
            try migrations.migrate(pool)
            // Reads every page, as loading does anyway. quick_check(1) would not see a key that changed in a table alone.
            try pool.write { database in
                let answer = try String.fetchOne(database, sql: "PRAGMA integrity_check(1)")
                guard answer == "ok" else { throw Damage(description: answer ?? "it cannot be checked") }
                guard try Self.schema(database) == tables else {
                    throw Damage(description: "its tables are not those that envd made")
                }
                try check(database)
            }
            return pool
        } catch {
            try? pool.close()
            throw error
        }
    }

    private static func schema(_ database: Database) throws -> [String] {
        let own = "type = 'table' AND name NOT LIKE 'grdb_%' AND name NOT LIKE 'sqlite_%'"
        return try String.fetchAll(database, sql: "SELECT sql FROM sqlite_master WHERE \(own) ORDER BY name")
    }

    /// Whether an error, met while the file was opened, means that its content is not what was written.
    func isDamageAtOpening(_ error: any Error) -> Bool {
        if isDamage(error) || error is Damage { return true }
        switch (error as? DatabaseError)?.resultCode {
        case .SQLITE_ERROR, .SQLITE_FORMAT, .SQLITE_MISMATCH, .SQLITE_CONSTRAINT: return true
        // A byte of the header says that nobody may write there, whatever the file's mode says.
        case .SQLITE_READONLY: return FileSystem.isWritable(path) && FileSystem.isWritable(path.parent)
        default: return false
        }
    }

    /// Whether SQLite itself says that the file is damaged.
    func isDamage(_ error: any Error) -> Bool {
        let code = (error as? DatabaseError)?.resultCode
        return code == .SQLITE_CORRUPT || code == .SQLITE_NOTADB
    }

    /// Gives the file another name, and its log and index (`-wal`, `-shm`) with it, so that SQLite still opens it there.
    ///
    /// - Returns: `envd.db.damaged-20260131T120000Z`.
    func putAside() throws -> Path {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "yyyyMMdd'T'HHmmss'Z'"
        let wanted = "\(Self.asidePrefix)\(formatter.string(from: Date()))"
        var name = wanted
        var count = 1
        while FileSystem.exists(path.parent / name) {
            count += 1
            name = "\(wanted).\(count)"
        }
        let aside = path.parent / name
        for suffix in ["-wal", "-shm", ""] {
            let file = Path(path.bytes + ByteString(suffix))
            if FileSystem.exists(file) { try FileSystem.rename(file, to: Path(aside.bytes + ByteString(suffix))) }
        }
        return aside
    }

    private static let asidePrefix = "envd.db.damaged-"

    /// The newest file that was put aside in a directory and is still there.
    static func newestAside(in directory: Path) -> Path? {
        let names = (try? FileSystem.list(directory)) ?? []
        let own = names.filter {
            $0.bytes.starts(with: asidePrefix.utf8) && !$0.description.hasSuffix("-wal")
                && !$0.description.hasSuffix("-shm")
        }
        return own.last.map { directory.appending(Path($0)) }
    }

    /// What a person has to know of a file that cannot be used, and can do about it.
    ///
    /// - Parameter verb: `open`, `read`, `write`.
    func diagnostic(_ error: any Error, verb: String) -> Diagnostic {
        if let diagnostic = error as? Diagnostic { return diagnostic }
        let (cause, hint): (String, String) =
            switch (error as? DatabaseError)?.resultCode {
            case .SQLITE_BUSY, .SQLITE_LOCKED: ("another program keeps it locked", "end that program, and try again")
            case .SQLITE_FULL: ("the disk is full", "free some space")
            case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
                ("it cannot be written", "make `\(path.parent)` and what is in it yours to write")
            case .SQLITE_IOERR: ("the disk failed, or is full", "free some space; the kernel's log (`dmesg`) says more")
            case .SQLITE_CORRUPT, .SQLITE_NOTADB:
                (
                    "it is damaged",
                    "the daemon's next start puts it aside and makes it anew from the generations on disk"
                )
            default: ("\(error)", "move the file away: envd makes it anew from the generations on disk")
            }
        return Diagnostic("could not \(verb) the database `\(path)`: \(cause)", hint: hint)
    }
}

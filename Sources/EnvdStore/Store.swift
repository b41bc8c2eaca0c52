package import EnvdCore
internal import EnvdSystem
internal import GRDB

/// What the daemon must not forget: projects, generations, the last failure of each project. SQLite, WAL.
///
/// Every method waits for the disk on the thread that it runs on: a worker's, where the calling task prefers one.
package final class Store: Sendable {
    /// The last build or reading that failed, and for which spec; a spec of nil: the manifests could not be read.
    package struct Failure: Codable, Sendable {
        package var key: Fingerprint?
        package var diagnostic: Diagnostic
        /// Of what the build was made from: while that stands, the same would fail again. Nil: it is worth another try.
        package var inputs: Fingerprint?
        /// When it was found; nil in older records.
        package var made: Timestamp?

        package init(
            key: Fingerprint?, diagnostic: Diagnostic, inputs: Fingerprint? = nil, made: Timestamp? = nil
        ) {
            self.key = key
            self.diagnostic = diagnostic
            self.inputs = inputs
            self.made = made
        }
    }

    /// All that is known of one project.
    package struct ProjectRecord: Sendable {
        package var project: Project
        /// By number, oldest first; failed ones are not kept.
        package var generations: [Generation]
        package var failure: Failure?
        package var pin: GenerationPin?

        package init(
            project: Project, generations: [Generation] = [], failure: Failure? = nil, pin: GenerationPin? = nil
        ) {
            self.project = project
            self.generations = generations
            self.failure = failure
            self.pin = pin
        }
    }

    /// Whether nothing is known from before: there was no database, or a damaged one.
    package let isNew: Bool
    private let file: DatabaseFile
    private let database: DatabasePool
    private let onDamage: @Sendable () -> Void

    /// Opens the database, makes it where it is missing and brings an older one up to date; a damaged one is put aside.
    ///
    /// - Parameter onDamage: called, on any thread, when the database turns out to be damaged later on. Whoever opens
    ///   it then puts it aside.
    /// - Throws: a `Diagnostic` that names the file and what to do.
    package init(_ paths: StorePaths, onDamage: @escaping @Sendable () -> Void = {}) throws(Diagnostic) {
        let file = DatabaseFile(path: paths.database, migrations: Self.migrations, tables: Self.tables)
        do {
            let size = try FileSystem.status(paths.database)?.size ?? 0
            // An empty file is an empty database to SQLite, and a lost one where there are generations.
            let isLost = size == 0 && FileSystem.exists(paths.database) && GenerationTree(paths).hasProjects
            let opened = isLost ? nil : try Self.openWhole(file)
            if opened == nil { _ = try file.putAside() }
            database = try opened ?? file.open(check: Self.check)
            isNew = opened == nil || size == 0
        } catch {
            throw file.diagnostic(error, verb: "open")
        }
        self.file = file
        self.onDamage = onDamage
    }

    /// - Returns: nil where it is damaged.
    private static func openWhole(_ file: DatabaseFile) throws -> DatabasePool? {
        do {
            return try file.open(check: check)
        } catch  where file.isDamageAtOpening(error) {
            return nil
        }
    }

    /// What is there of a database that was put aside, until its user removes it.
    package static func damagedDatabase(_ paths: StorePaths) -> Path? { DatabaseFile.newestAside(in: paths.state) }

    /// Whether every record is the one that was written.
    private static func check(_ database: Database) throws {
        let records = "SELECT record FROM generation UNION ALL SELECT record FROM project"
        let failures = "SELECT failure FROM project WHERE failure IS NOT NULL"
        let pins = "SELECT pin FROM project WHERE pin IS NOT NULL"
        let texts = try String.fetchCursor(database, sql: "\(records) UNION ALL \(failures) UNION ALL \(pins)")
        while let text = try texts.next() {
            guard CheckedText.isWhole(text) else { throw DatabaseFile.Damage(description: "a record was changed") }
        }
    }

    private static let firstTables = [
        """
        CREATE TABLE generation (
            project TEXT NOT NULL REFERENCES project(id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            state TEXT NOT NULL,
            record TEXT NOT NULL,      -- Generation as JSON
            process INTEGER,           -- the daemon that builds it,
            boot TEXT,                 -- in this boot of the machine
            PRIMARY KEY (project, number)
        ) STRICT
        """,
        """
        CREATE TABLE project (
            id TEXT PRIMARY KEY,
            record TEXT NOT NULL,      -- Project as JSON
            failure TEXT               -- Failure as JSON
        ) STRICT
        """,
    ]

    /// What came later: the generation that the user wants to stay with (GenerationPin as JSON), and the highest number
    /// that was ever removed.
    private static let laterColumns = ["pin TEXT", "last INTEGER NOT NULL DEFAULT 0"]

    /// As SQLite keeps them, letter by letter: it writes a later column behind all that there was.
    private static let tables = [
        firstTables[0],
        firstTables[1].replacing(") STRICT", with: laterColumns.map { ", \($0)" }.joined() + ") STRICT"),
    ]

    private static var migrations: DatabaseMigrator {
        var migrations = DatabaseMigrator()
        migrations.registerMigration("1: projects and generations") { database in
            for table in firstTables { try database.execute(sql: table) }
        }
        migrations.registerMigration("2: a way back") { database in
            for column in laterColumns { try database.execute(sql: "ALTER TABLE project ADD COLUMN \(column)") }
        }
        return migrations
    }

    /// Every project with its generations.
    package func load() async throws -> [ProjectRecord] {
        try reading { database in
            var generations: [String: [Generation]] = [:]
            let rows = try Row.fetchCursor(database, sql: "SELECT project, record FROM generation ORDER BY number")
            while let row = try rows.next() {
                generations[row["project"], default: []].append(try CheckedText.decode(Generation.self, row["record"]))
            }
            return try Row.fetchAll(database, sql: "SELECT id, record, failure, pin FROM project").map { row in
                let failure: String? = row["failure"]
                let pin: String? = row["pin"]
                return ProjectRecord(
                    project: try CheckedText.decode(Project.self, row["record"]),
                    generations: generations[row["id"]] ?? [],
                    failure: try failure.map { try CheckedText.decode(Failure.self, $0) },
                    pin: try pin.map { try CheckedText.decode(GenerationPin.self, $0) })
            }
        }
    }

    package func save(_ project: Project) async throws {
        let record = try CheckedText.encode(project)
        try writing { database in
            try database.execute(
                sql:
                    "INSERT INTO project (id, record) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET record = excluded.record",
                arguments: [project.id.text, record])
        }
    }

    package func remove(_ project: ProjectID) async throws {
        try writing { try $0.execute(sql: "DELETE FROM project WHERE id = ?", arguments: [project.text]) }
    }

    /// A number for a new generation, put down with it so that it is never given twice.
    ///
    /// - Parameters:
    ///   - used: the highest number that has a directory on disk, which the database need not know.
    ///   - generation: what it is, by its number.
    package func plan(
        above used: GenerationNumber? = nil, _ generation: @escaping @Sendable (GenerationNumber) -> Generation,
        for project: ProjectID
    ) async throws -> Generation {
        let boot = Self.bootID
        return try writing { database in
            let last = try Int.fetchOne(
                database,
                sql: """
                    SELECT max((SELECT ifnull(max(number), 0) FROM generation WHERE project = :id),
                               (SELECT ifnull(max(last), 0) FROM project WHERE id = :id))
                    """, arguments: ["id": project.text])
            let planned = generation(GenerationNumber(max(last ?? 0, used?.value ?? 0) + 1))
            try database.execute(
                sql: "INSERT INTO generation (project, number, state, record, process, boot) VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [
                    project.text, planned.number.value, planned.state.rawValue, try CheckedText.encode(planned),
                    CurrentUser.processID, boot,
                ])
            return planned
        }
    }

    /// Puts down generations as they now are, all or none. One that the database does not know is taken as it is.
    ///
    /// - Throws: where one of them would take a step that no life has (`GenerationState.successors`).
    package func save(_ generations: [Generation]) async throws {
        try writing { database in try Self.put(generations, in: database) }
    }

    /// The same, with the generation that the user wants the project to stay with; nil: none.
    package func save(_ generations: [Generation], pin: GenerationPin?, for project: ProjectID) async throws {
        let record = try pin.map { try CheckedText.encode($0) }
        try writing { database in
            try Self.put(generations, in: database)
            try database.execute(
                sql: "UPDATE project SET pin = ? WHERE id = ?", arguments: [record, project.text])
        }
    }

    private static func put(_ generations: [Generation], in database: Database) throws {
        for generation in generations {
            let known = try String.fetchOne(
                database, sql: "SELECT state FROM generation WHERE project = ? AND number = ?",
                arguments: [generation.project.text, generation.number.value])
            if let known = known.flatMap({ GenerationState(rawValue: $0) }), !known.canBecome(generation.state) {
                throw Diagnostic(
                    "could not put down generation \(generation.number) as \(generation.state.rawValue): it is \(known.rawValue)"
                )
            }
            try database.execute(
                sql: """
                    INSERT INTO generation (project, number, state, record) VALUES (?, ?, ?, ?)
                    ON CONFLICT (project, number) DO UPDATE SET state = excluded.state, record = excluded.record
                    """,
                arguments: [
                    generation.project.text, generation.number.value, generation.state.rawValue,
                    try CheckedText.encode(generation),
                ])
        }
    }

    /// Puts down how much disk generations take, and nothing else of them: one may be about to become current.
    package func save(sizes: [GenerationNumber: ByteSize], of project: ProjectID) async throws {
        try writing { database in
            for (number, size) in sizes {
                let place: StatementArguments = [project.text, number.value]
                let known = try String.fetchOne(
                    database, sql: "SELECT record FROM generation WHERE project = ? AND number = ?", arguments: place)
                guard var generation = try known.map({ try CheckedText.decode(Generation.self, $0) }) else { continue }
                generation.size = size
                try database.execute(
                    sql: "UPDATE generation SET record = ? WHERE project = ? AND number = ?",
                    arguments: [try CheckedText.encode(generation), project.text, number.value])
            }
        }
    }

    /// Forgets a generation that is gone; its number is not given again.
    package func remove(_ number: GenerationNumber, of project: ProjectID) async throws {
        try writing { database in
            try database.execute(
                sql: "DELETE FROM generation WHERE project = ? AND number = ?", arguments: [project.text, number.value])
            try database.execute(
                sql: "UPDATE project SET last = max(last, ?) WHERE id = ?", arguments: [number.value, project.text])
        }
    }

    package func save(_ failure: Failure?, for project: ProjectID) async throws {
        let record = try failure.map { try CheckedText.encode($0) }
        try writing {
            try $0.execute(sql: "UPDATE project SET failure = ? WHERE id = ?", arguments: [record, project.text])
        }
    }

    /// Puts what is still in the write-ahead log into the database's file; nothing can be asked any more.
    package func close() {
        // GRDB closes its writing connection first, and SQLite leaves the log to a last one that can write.
        _ = try? database.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        try? database.close()
    }

    // GRDB's synchronous calls run on the calling thread; its asynchronous ones would bring libdispatch's threads
    // to life, whose manager wakes every second from then on.

    private func reading<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try noticingDamage("read") { try database.read(body) }
    }

    private func writing<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try noticingDamage("write") { try database.write(body) }
    }

    private func noticingDamage<Value>(_ verb: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            if file.isDamage(error) { onDamage() }
            throw file.diagnostic(error, verb: verb)
        }
    }

    /// Tells one boot of the machine from another; random(4).
    private static var bootID: String {
        let bytes = (try? FileSystem.read("/proc/sys/kernel/random/boot_id")) ?? []
        return String(decoding: bytes.prefix { $0 > UInt8(ascii: " ") }, as: UTF8.self)
    }
}

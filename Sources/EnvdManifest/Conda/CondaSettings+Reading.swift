package import EnvdCore
internal import EnvdPackaging
internal import EnvdSystem

extension CondaSettings.Places {
    /// Those of the user whose process this is.
    package static var ofThisUser: CondaSettings.Places { CondaSettings.Places(environment: [:]) }

    /// - Parameter environment: a shell's; where it lacks a variable, this process's own counts.
    package init(environment: [ByteString: ByteString]) {
        func path(_ variable: EnvironmentVariable) -> Path? {
            guard let value = environment[variable.bytes] else { return ProcessEnvironment.path(variable) }
            return value.isEmpty ? nil : Path(value)
        }
        // …/bin/conda or …/condabin/conda
        let root = path(.condaRoot) ?? path(.condaProgram)?.parent.parent
        self.init(
            home: path(.home), configuration: path(.configurationHome), condarc: path(.condaFile), root: root)
    }
}

extension CondaSettings {
    /// Reads the files, each of which becomes an input, there or not.
    ///
    /// Lists of several files are joined, that of the file which counts more first; tables by their keys.
    /// - Throws: a file that cannot be read: its channels may be a company's own.
    static func read(_ places: Places, _ context: inout ReadingContext) throws(Diagnostic) -> CondaSettings {
        var settings = CondaSettings()
        var defaults: [String] = []
        var problem: Diagnostic?
        for file in places.files {
            let bytes: [UInt8]
            do throws(SystemError) {
                bytes = try context.files.read(file)
            } catch {
                let place = Diagnostic.Location(file: file)
                if !error.isAbsence, problem == nil {
                    problem = ReadingContext.unreadable(file.description, error, at: place)
                }
                continue
            }
            do throws(Diagnostic) {
                let document = try YAMLDocument(bytes, file: file, name: file.name.description)
                try settings.take(document, defaults: &defaults)
                context.follow(file)
            } catch {
                problem = problem ?? error
            }
        }
        if let problem { throw problem }
        if !defaults.isEmpty { settings.defaultChannels = defaults }
        return settings
    }

    private mutating func take(_ document: YAMLDocument, defaults: inout [String]) throws(Diagnostic) {
        guard !document.root.isNull else { return }
        guard case .table(let entries) = document.root.content else {
            throw document.problem("it has to be a table of settings", at: document.root.place)
        }
        for (key, _, value) in entries {
            switch key {
            case "channels":
                let mine = try Self.texts(value, key, document)
                channels = mine + (channels ?? []).filter { !mine.contains($0) }
            case "default_channels":
                let mine = try Self.texts(value, key, document)
                defaults = mine + defaults.filter { !mine.contains($0) }
            case "channel_alias": channelAlias = try Self.text(value, key, document)
            case "custom_channels":
                for (name, address) in try Self.table(value, key, document) {
                    customChannels[name] = try Self.text(address, key, document)
                }
            case "custom_multichannels":
                for (name, list) in try Self.table(value, key, document) {
                    customMultichannels[name] = try Self.texts(list, key, document)
                }
            case "channel_priority": channelPriority = try Self.priority(value, document)
            case "pinned_packages":
                let mine = try Self.texts(value, key, document)
                pinnedPackages = mine + pinnedPackages.filter { !mine.contains($0) }
            case "ssl_verify", "verify_ssl":
                let text = try Self.text(value, key, document)
                sslVerify = Self.truth(text).map { $0 ? "true" : "false" } ?? text
            case "proxy_servers":
                for (name, address) in try Self.table(value, key, document) where !address.isNull {
                    proxyServers[name] = try Self.text(address, key, document)
                }
            case "offline": offline = try Self.truth(value, key, document)
            case "changeps1": changePS1 = try Self.truth(value, key, document)
            case "env_prompt": envPrompt = try Self.text(value, key, document)
            default: break
            }
        }
    }

    private static func priority(
        _ value: YAMLValue, _ document: YAMLDocument
    ) throws(Diagnostic) -> CondaLayer.ChannelPriority {
        let text = try text(value, "channel_priority", document).lowercased()
        if let priority = CondaLayer.ChannelPriority(rawValue: text) { return priority }
        // conda before 4.6 knew two, and still takes them so.
        guard let isOn = truth(text) else {
            throw document.problem("`channel_priority` has to be strict, flexible or disabled", at: value.place)
        }
        return isOn ? .flexible : .disabled
    }

    private static func truth(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "true", "yes", "on", "y": true
        case "false", "no", "off", "n": false
        default: nil
        }
    }

    private static func truth(_ value: YAMLValue, _ key: String, _ document: YAMLDocument) throws(Diagnostic) -> Bool {
        guard let truth = value.text.flatMap({ truth($0) }) else {
            throw document.problem("`\(key)` has to be true or false", at: value.place)
        }
        return truth
    }

    private static func text(_ value: YAMLValue, _ key: String, _ document: YAMLDocument) throws(Diagnostic) -> String {
        guard let text = value.text else {
            throw document.problem("`\(key)` has to be a text, not \(value.kind)", at: value.place)
        }
        return text
    }

    /// A list of texts; one text alone is a list of one.
    private static func texts(
        _ value: YAMLValue, _ key: String, _ document: YAMLDocument
    ) throws(Diagnostic) -> [String] {
        if value.isNull { return [] }
        if let text = value.text { return [text] }
        guard case .list(let values) = value.content else {
            throw document.problem("`\(key)` has to be a list, not \(value.kind)", at: value.place)
        }
        var result: [String] = []
        for value in values { result.append(try text(value, key, document)) }
        return result
    }

    private static func table(
        _ value: YAMLValue, _ key: String, _ document: YAMLDocument
    ) throws(Diagnostic) -> [(String, YAMLValue)] {
        if value.isNull { return [] }
        guard case .table(let entries) = value.content else {
            throw document.problem("`\(key)` has to be a table, not \(value.kind)", at: value.place)
        }
        return entries.map { ($0.key, $0.value) }
    }
}

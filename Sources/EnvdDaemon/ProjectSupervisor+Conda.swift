internal import EnvdCore
internal import EnvdEngines
internal import EnvdLoop
internal import EnvdManifest
internal import EnvdStore

/// What a conda layer needs beside its manifest.
extension ProjectSupervisor {
    /// Adds to a spec what the machine is: another driver or C library asks for another environment.
    func completeConda(_ reading: inout ManifestReading) async {
        guard case .success(var spec) = reading.spec, spec.conda != nil else { return }
        let (memory, variables) = (context.driver, context.shells.variables)
        let engine = context.engineContext(scratch: context.options.paths.temporary, log: { _ in })
        let answer = await memory.answer(engine)
        if let trouble = answer.trouble {
            reading.notes.append(
                Diagnostic("could not ask the NVIDIA driver: \(trouble)", hint: "`envd doctor` says more"))
        }
        spec.conda?.machine = VirtualPackages.lasting(
            cuda: answer.driver?.version.description, cudaArchitecture: answer.driver?.capability,
            environment: variables)
        reading.spec = .success(spec)
    }

    /// What the user's settings say to the conda engine.
    var condaOptions: CondaOptions {
        var options = CondaOptions()
        guard let reading else { return options }
        options.runsLinkScripts = reading.userSettings.runsLinkScripts
        options.secrets = reading.channelSecrets
        guard let settings = reading.condaSettings else { return options }
        options.isOffline = settings.offline
        switch settings.sslVerify {
        case nil, "true", "truststore": break
        case "false": options.verifiesCertificates = false
        case let file?: options.certificates = Path(file)
        }
        // Others name a single host, which the engine has no word for.
        options.proxies = settings.proxyServers.filter { ["http", "https"].contains($0.key) }
        return options
    }
}

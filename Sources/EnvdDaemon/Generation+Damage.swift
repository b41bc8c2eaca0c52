internal import EnvdControl
internal import EnvdCore
internal import EnvdEngines
internal import EnvdStore
internal import EnvdSystem

extension Generation {
    /// What is not as it was when the generation was made: its files are looked at, off the loop.
    ///
    /// The packages that were at odds with their own RECORD from the beginning are no damage.
    var damage: [PackageDamage] {
        let flaws = try? ControlCoding.decode(
            Set<PackageDamage>.self, from: FileSystem.read(GenerationRecord.flawsFile(in: prefix)))
        return PackageDamage.find(in: prefix, but: flaws ?? [])
    }
}

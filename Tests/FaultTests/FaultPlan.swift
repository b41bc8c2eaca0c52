import EnvdCore
import EnvdSystem
import EnvdTestSupport
import Glibc

/// How hard the suite tries, and with which luck: the same for the same seed.
enum FaultPlan {
    /// Whether there is time: `make soak` says so with ENVD_SOAK.
    static var isSoak: Bool { ProcessEnvironment.value("ENVD_SOAK") != nil }

    /// How often to try something.
    static func rounds(_ few: Int, soak many: Int) -> Int { isSoak ? many : few }

    /// Decides all that is left to luck; ENVD_SEED has another one tried.
    static let seed = ProcessEnvironment.value("ENVD_SEED").flatMap { UInt64($0.description) } ?? 20_260_101

    /// What to type to see a failure again.
    static var recipe: String { "ENVD_SEED=\(seed)" }
}

/// Luck that can be had again: SplitMix64, by Steele, Lea and Flood (2014).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    /// - Parameter stream: numbers of one test are none of another's.
    init(stream: UInt64) { state = FaultPlan.seed &+ stream &* 0x632b_e59b_d9b4_e019 }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

/// A moment that no event marks, for what may happen at any: poll(2) as a clock. Nothing waits for a condition by it.
func letPass(milliseconds: Int) { poll(nil, 0, Int32(milliseconds)) }

/// A bar for eyes alone: the words beside it say the same.
package enum ProgressBar {
    /// - Parameter fraction: from 0 to 1.
    package static func text(_ fraction: Double, width: Int, isUTF8: Bool) -> String {
        let full = min(width, max(0, Int((fraction * Double(width)).rounded(.down))))
        let (done, open) = isUTF8 ? ("█", "░") : ("#", ".")
        let bar = String(repeating: done, count: full) + String(repeating: open, count: width - full)
        return (isUTF8 ? bar : "[\(bar)]") + " \(Int(fraction * 100)) %"
    }
}

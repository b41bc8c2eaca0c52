internal import CPosixShims
internal import EnvdSystem
internal import Glibc
internal import Synchronization

/// Lines of a terminal that are drawn again in place: only those that changed, whole or not at all where the terminal
/// knows synchronized output, below whatever stood there before.
///
/// The cursor is hidden meanwhile and waits below the lines, so that whatever comes after them stands right. Called from
/// any thread.
package final class LiveScreen: Sendable {
    private struct State {
        var traits: ScreenTraits
        /// What stands on the terminal, as it was sent.
        var shown: [String] = []
        /// The columns of each of them.
        var widths: [Int] = []
        /// Nil where the terminal is as it was found.
        var settings: [UInt8]?
        var isActive = false
        /// Nothing is drawn until it goes on.
        var isPaused = false
    }

    private let state: Mutex<State>
    /// What is to be seen, made anew for each size of the terminal.
    private let content: @Sendable (ScreenTraits) -> [StyledText]

    package init(_ traits: ScreenTraits, content: @escaping @Sendable (ScreenTraits) -> [StyledText]) {
        state = Mutex(State(traits: traits))
        self.content = content
    }

    /// Shows what the content is by now.
    package func update() { state.withLock { draw(&$0) } }

    /// The same after the terminal got another size.
    package func resized() {
        state.withLock { state in
            state.traits = state.traits.resized
            guard state.isActive else { return }
            // Terminals break lines anew that have become too long.
            let rows = state.widths.reduce(0) { $0 + max(1, ($1 + state.traits.columns - 1) / state.traits.columns) }
            StandardOutput.write(Array((rows > 0 ? "\r\u{1b}[\(rows)A\u{1b}[J" : "").utf8))
            (state.shown, state.widths) = ([], [])
            draw(&state)
        }
    }

    /// Gives the terminal back as it was; what it shows stays, and nothing more is shown.
    package func pause() {
        state.withLock { state in
            state.isPaused = true
            guard state.isActive else { return }
            StandardOutput.write(Array("\u{1b}[?25h".utf8))
            if let settings = state.settings { shim_terminal_restore(0, settings) }
            (state.isActive, state.settings) = (false, nil)
        }
    }

    /// Goes on below whatever was written meanwhile.
    package func goOn() {
        state.withLock { state in
            state.traits = state.traits.resized
            (state.shown, state.widths) = ([], [])
            (state.isActive, state.isPaused) = (false, false)
            draw(&state)
        }
    }

    private func draw(_ state: inout State) {
        guard !state.isPaused else { return }
        let traits = state.traits
        var lines = content(traits)
        // One is the cursor's.
        let room = max(2, traits.rows - 1)
        if lines.count > room {
            let left = lines.count - room + 1
            lines = lines.prefix(room - 1) + [StyledText("\(traits.ellipsis) and \(left) more", .faint)]
        }
        lines = lines.map { $0.clipped(to: traits.columns, mark: traits.ellipsis) }
        let rendered = lines.map { $0.rendered(color: traits.hasColor) }
        if state.isActive, rendered == state.shown { return }
        var text = "\u{1b}[?2026h"
        if !state.isActive {
            state.isActive = true
            var settings = [UInt8](repeating: 0, count: 256)
            if shim_terminal_hush(0, &settings, settings.count) == 0 { state.settings = settings }
            text += "\u{1b}[?25l"
        }
        if !state.shown.isEmpty { text += "\r\u{1b}[\(state.shown.count)A" }
        for (index, line) in rendered.enumerated() {
            if index >= state.shown.count || state.shown[index] != line { text += "\r\u{1b}[2K\(line)" }
            text += "\r\n"
        }
        if rendered.count < state.shown.count { text += "\u{1b}[J" }
        StandardOutput.write(Array((text + "\u{1b}[?2026l").utf8))
        (state.shown, state.widths) = (rendered, lines.map(\.columns))
    }
}

package import EnvdCore
internal import EnvdSystem
internal import Glibc

/// A shell on a terminal that is looked at: what stands on its screen, whatever was written to get it there.
///
/// tmux is the terminal. A client of it in control mode tells of each output, so that nobody polls.
package final class TerminalPane {
    package struct Late: Error, CustomStringConvertible {
        package let description: String
    }

    package struct Cursor {
        package var isVisible: Bool
        package var column: Int
        package var row: Int
    }

    private let home: Home
    private let socket: Path
    private let control: Terminal
    private var count = 0

    /// Returns at the shell's first prompt, which is `$ `.
    package init(_ home: Home, columns: Int, rows: Int = 24, directory: Path) throws {
        self.home = home
        socket = home.path / "tmux"
        let settings = home.path / "tmux.conf"
        try home.write(
            settings,
            """
            set -g status off
            set -g default-terminal screen-256color
            set -g default-size \(columns)x\(rows)

            """)
        let start = ["-u", "-f", settings.description, "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)"]
        let tmux = ["/usr/bin/tmux", "-S", socket.description]
        try home.write(home.path / "pane.bash", "PS1='$ '\n")
        let shell = "/usr/bin/bash --noprofile --rcfile '\(home.path)/pane.bash'"
        try home.run(
            Path(tmux[0]), tmux.dropFirst() + start + ["-c", directory.description, shell], in: directory
        ).expect(0)
        // Where it is set before, tmux 3.3 ends at its first window.
        try home.run(Path(tmux[0]), tmux.dropFirst() + ["set", "-g", "window-size", "manual"]).expect(0)
        control = try Terminal(tmux + ["-C", "attach"], environment: home.variables, workingDirectory: home.path)
        // What is written before it listens it is not told of.
        try control.expect("%session-changed")
        try wait(for: "prompt") { $0 == ["$"] }
    }

    deinit { _ = try? tmux("kill-server") }

    /// The lines of the screen, without blanks at their ends, down to the last that is not empty.
    package func screen() throws -> [String] {
        let lines = try tmux("capture-pane", "-p").split(separator: "\n", omittingEmptySubsequences: false)
        let full = lines.lastIndex { !$0.allSatisfy { $0 == " " } }.map { lines[...$0] } ?? []
        return full.map { line in String(line.reversed().drop { $0 == " " }.reversed()) }
    }

    package var cursor: Cursor {
        get throws {
            let words = try tmux("display-message", "-p", "#{cursor_flag} #{cursor_x} #{cursor_y}").split {
                $0 == " " || $0 == "\n"
            }
            let numbers = words.compactMap { Int($0) }
            guard numbers.count == 3 else { throw Late(description: "tmux tells no cursor: \(words)") }
            return Cursor(isVisible: numbers[0] == 1, column: numbers[1], row: numbers[2])
        }
    }

    /// Types a line on an empty screen; what was typed is not seen.
    package func start(_ line: String) throws {
        // The sequence comes after the echo.
        try tmux("send-keys", "-l", "--", "printf '\\033[H\\033[2J\\033[3J'; \(line)")
        try press("Enter")
    }

    /// A key by tmux's name for it.
    package func press(_ key: String) throws { try tmux("send-keys", key) }

    /// What a line writes, as the screen shows it.
    package func run(_ line: String) throws -> [String] {
        count += 1
        let mark = "<end\(count)>"
        try start("\(line); printf '<%s>\\n' end\(count)")
        let lines = try wait(for: mark) { $0.contains { $0.hasSuffix(mark) } && $0.last == "$" }
        return Array(lines.prefix { !$0.hasSuffix(mark) })
    }

    package func resize(columns: Int, rows: Int = 24) throws {
        try tmux("resize-window", "-x", "\(columns)", "-y", "\(rows)")
    }

    /// Waits until the screen is as it should be, and gives it.
    @discardableResult
    package func wait(
        for what: String, within seconds: Double = 60, until condition: ([String]) -> Bool
    ) throws -> [String] {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while true {
            let lines = try screen()
            if condition(lines) { return lines }
            do {
                try control.expect("%output", within: (deadline - .now) / .seconds(1))
            } catch {
                throw Late(description: "no \(what) within \(seconds) s on:\n\(lines.joined(separator: "\n"))")
            }
        }
    }

    @discardableResult
    private func tmux(_ words: String...) throws -> String {
        try home.run("/usr/bin/tmux", ["-u", "-S", socket.description] + words).expect(0).output
    }
}

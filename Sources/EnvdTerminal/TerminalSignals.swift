internal import CPosixShims
package import EnvdSystem
internal import Glibc

/// The signals of somebody at a terminal, heard on a thread of their own while the program works.
package enum TerminalSignals {
    private static let heard = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH, SIGALRM]

    /// Looks after a screen from here on: leaves the terminal as it was found when a signal ends or stops the program,
    /// and draws anew when it goes on, at each tick, and when the terminal's size changes.
    ///
    /// To be called before any other thread is there.
    package static func watch(_ screen: LiveScreen) throws(SystemError) {
        shim_block_signals(heard, heard.count)
        try BackgroundThread.start { serve(screen) }
    }

    /// Has the screen drawn anew each second, or not any more.
    package static func tick(_ isWanted: Bool) { shim_set_ticks(isWanted ? 1000 : 0) }

    private static func serve(_ screen: LiveScreen) {
        var wasStopped = false
        while true {
            switch shim_wait_for_signal(heard, heard.count) {
            case SIGWINCH: screen.resized()
            case SIGALRM: screen.update()
            case SIGCONT where wasStopped: wasStopped = false
            case SIGCONT: screen.goOn()
            case SIGTSTP:
                screen.pause()
                shim_take_signal(SIGTSTP)
                // Also where nobody could let it go on, and it was not stopped at all.
                wasStopped = true
                screen.goOn()
            case SIGINT:
                screen.pause()
                // Killed by the signal bash would say so with a line of its own.
                _exit(128 + SIGINT)
            case let signal:
                screen.pause()
                // So that whoever started this knows what ended it: 128 and its number to a shell.
                shim_take_signal(signal)
            }
        }
    }
}

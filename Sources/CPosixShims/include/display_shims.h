/* What a terminal shows: character widths, the locale's encoding, signals that are waited for. */
#ifndef ENVD_DISPLAY_SHIMS_H
#define ENVD_DISPLAY_SHIMS_H

#include <stddef.h>
#include <stdint.h>

/* wcwidth(3) of a Unicode scalar, by glibc's own table for UTF-8 whatever the locale; -1: not printable. */
int shim_character_width(uint32_t scalar);

/* Whether the locale that the environment names has UTF-8; by its name alone where this machine does not have it. */
int shim_locale_is_utf8(void);

/* ioctl(2) TIOCGWINSZ: 0, or -1 where it is no terminal. */
int shim_terminal_size(int descriptor, uint16_t *rows, uint16_t *columns);

/* pthread_sigmask(3): blocks these signals in the calling thread and those that it starts. */
void shim_block_signals(const int32_t *signals, size_t count);

/* sigwaitinfo(2) on these signals: the one that came. */
int shim_wait_for_signal(const int32_t *signals, size_t count);

/* Gives a blocked signal its default effect on this process, as if it came now. Returns where that did not end the
   process, with the signal blocked again. */
void shim_take_signal(int signal);

/* setitimer(2): SIGALRM after so many milliseconds and so on; 0: no more. */
void shim_set_ticks(int milliseconds);

/* Turns off what the terminal echoes while this process is in its foreground; `was` keeps what it was. 0, or -1 where it
   is left alone. */
int shim_terminal_hush(int descriptor, void *was, size_t size);

/* Gives back what `shim_terminal_hush` kept. */
void shim_terminal_restore(int descriptor, const void *was);

#endif

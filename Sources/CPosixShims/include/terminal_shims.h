/* A program in a pseudo-terminal, for tests of shells: calls that need _GNU_SOURCE. */
#ifndef ENVD_TERMINAL_SHIMS_H
#define ENVD_TERMINAL_SHIMS_H

#include <stddef.h>
#include <stdint.h>

/* posix_openpt(3), unlocked, close-on-exec, of that size: the master, and the slave's name; -1 and errno. */
int shim_open_terminal(char *slave, size_t size, uint16_t rows, uint16_t columns);

/* posix_spawn(3): a new session whose controlling terminal is `slave`, on 0, 1 and 2, with nothing else open and all
   signals as they are by default. `directory` may be NULL. The result is an errno value or 0. */
int shim_spawn_in_terminal(
    int32_t *process, const char *slave, const char *directory, char *const arguments[], char *const environment[]);

#endif

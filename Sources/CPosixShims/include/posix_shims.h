/* System calls and macros that Swift cannot spell: variadic functions, calls
   without a C library wrapper, and function-like macros. Each keeps the meaning,
   return value and errno of the call that it names; types are plain, so that no
   system header has to agree with another module's view of it. */
#ifndef ENVD_POSIX_SHIMS_H
#define ENVD_POSIX_SHIMS_H

#include <stddef.h>
#include <stdint.h>

/* prctl(2) with one argument. */
int shim_prctl(int option, unsigned long value);

/* ioprio_set(2) for this process: class and data as in linux/ioprio.h. */
int shim_ioprio_set_self(int klass, int data);

/* landlock(7): the ABI number, or -1; a ruleset that handles these file system rights; a rule that
   grants some of them beneath an open directory or on an open file; the ruleset put in force. */
int shim_landlock_abi(void);
int shim_landlock_create_ruleset(uint64_t handled_rights);
int shim_landlock_add_path(int ruleset, int descriptor, uint64_t rights);
int shim_landlock_restrict_self(int ruleset);

/* ioctl(2) with an integer argument. */
int shim_ioctl_int(int descriptor, unsigned long request, int value);

/* SO_PEERCRED of socket(7): the peer's user and process id; -1 and errno when it has none. */
int shim_peer_credentials(int descriptor, uint32_t *user, int32_t *process);

/* syncfs(2). */
int shim_syncfs(int descriptor);

/* pipe2(2). */
int shim_pipe2(int ends[2], int flags);

/* glibc's additions to posix_spawn(3); the first argument is a posix_spawn_file_actions_t. */
int shim_spawn_actions_close_from(void *actions, int descriptor);
int shim_spawn_actions_change_directory(void *actions, const char *path);
extern const short shim_spawn_set_session;

/* wait(2)'s macros: whether it exited, with which status, and the signal that ended it or 0. */
int shim_wait_exited(int status);
int shim_wait_exit_status(int status);
int shim_wait_signal(int status);

/* fork(2), which Swift hides because it is safe only where there is one thread. */
int shim_fork(void);

/* Blocks these signals and gives a signalfd(2) that tells of them: close-on-exec, non-blocking. */
int shim_signal_descriptor(const int32_t *signals, size_t count);

/* Every signal's default effect, none of them blocked: what a program expects to start with. */
void shim_reset_signals(void);

/* memmem(3). */
const void *shim_find(const void *bytes, size_t count, const void *needle, size_t needle_count);

/* setrlimit(2): no core file, for this process and its children. */
int shim_forbid_core_dumps(void);

/* rtnetlink(7): a socket that tells of links, addresses and routes that change; close-on-exec, non-blocking. */
int shim_route_monitor(void);

/* Reads all that it told: 1 where something came up (a link, an address, a route) or too much came to be read, else 0. */
int shim_route_monitor_read(int descriptor);

#endif

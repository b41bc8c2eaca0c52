/* GNU extensions for starting processes, which Swift's view of the C library lacks. Each keeps the meaning,
   return value and errno of the call that it names. */
#ifndef ENVD_SPAWN_SHIMS_H
#define ENVD_SPAWN_SHIMS_H

#include <spawn.h>

/* pipe2(2) with O_CLOEXEC. */
int shim_pipe_cloexec(int descriptors[2]);

/* posix_spawn_file_actions_addchdir_np(3). */
int shim_spawn_actions_add_chdir(posix_spawn_file_actions_t *actions, const char *directory);

#endif

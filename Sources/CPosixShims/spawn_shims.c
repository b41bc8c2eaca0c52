#define _GNU_SOURCE
#include "spawn_shims.h"

#include <fcntl.h>
#include <unistd.h>

int shim_pipe_cloexec(int descriptors[2]) { return pipe2(descriptors, O_CLOEXEC); }

int shim_spawn_actions_add_chdir(posix_spawn_file_actions_t *actions, const char *directory) {
    return posix_spawn_file_actions_addchdir_np(actions, directory);
}

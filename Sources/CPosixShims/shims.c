#define _GNU_SOURCE
#include "posix_shims.h"

#include <fcntl.h>
#include <linux/ioprio.h>
#include <linux/landlock.h>
#include <spawn.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int shim_prctl(int option, unsigned long value) { return prctl(option, value, 0UL, 0UL, 0UL); }

int shim_ioprio_set_self(int klass, int data) {
    return (int)syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, IOPRIO_PRIO_VALUE(klass, data));
}

int shim_landlock_abi(void) {
    return (int)syscall(SYS_landlock_create_ruleset, (void *)0, (size_t)0, LANDLOCK_CREATE_RULESET_VERSION);
}

int shim_landlock_create_ruleset(uint64_t handled_rights) {
    struct landlock_ruleset_attr attribute = {.handled_access_fs = handled_rights};
    return (int)syscall(SYS_landlock_create_ruleset, &attribute, sizeof attribute, 0);
}

int shim_landlock_add_path(int ruleset, int descriptor, uint64_t rights) {
    struct landlock_path_beneath_attr attribute = {.allowed_access = rights, .parent_fd = descriptor};
    return (int)syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &attribute, 0);
}

int shim_landlock_restrict_self(int ruleset) { return (int)syscall(SYS_landlock_restrict_self, ruleset, 0); }

int shim_ioctl_int(int descriptor, unsigned long request, int value) { return ioctl(descriptor, request, value); }

int shim_peer_credentials(int descriptor, uint32_t *user, int32_t *process) {
    struct ucred credentials;
    socklen_t length = sizeof credentials;
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0) return -1;
    *user = credentials.uid;
    *process = credentials.pid;
    return 0;
}

int shim_wait_exited(int status) { return WIFEXITED(status); }
int shim_wait_exit_status(int status) { return WEXITSTATUS(status); }
int shim_wait_signal(int status) { return WIFSIGNALED(status) ? WTERMSIG(status) : 0; }

int shim_syncfs(int descriptor) { return syncfs(descriptor); }

int shim_pipe2(int ends[2], int flags) { return pipe2(ends, flags); }

int shim_spawn_actions_close_from(void *actions, int descriptor) {
    return posix_spawn_file_actions_addclosefrom_np(actions, descriptor);
}

int shim_spawn_actions_change_directory(void *actions, const char *path) {
    return posix_spawn_file_actions_addchdir_np(actions, path);
}

const short shim_spawn_set_session = POSIX_SPAWN_SETSID;
int shim_fork(void) { return (int)fork(); }

int shim_signal_descriptor(const int32_t *signals, size_t count) {
    sigset_t set;
    sigemptyset(&set);
    for (size_t index = 0; index < count; index++) sigaddset(&set, signals[index]);
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0) return -1;
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

void shim_reset_signals(void) {
    for (int number = 1; number <= SIGRTMAX; number++) signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

int shim_forbid_core_dumps(void) {
    struct rlimit none = {0, 0};
    return setrlimit(RLIMIT_CORE, &none);
}

const void *shim_find(const void *bytes, size_t count, const void *needle, size_t needle_count) {
    return memmem(bytes, count, needle, needle_count);
}

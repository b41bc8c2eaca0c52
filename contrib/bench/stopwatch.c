/* Stands before uv on PATH: runs it unchanged and notes when each command began and ended.
 *
 * Built with UV, the path of the real one. The notes go where an engine may write, beside uv's cache: a line a
 * command, `BEGIN END STATUS ARGUMENTS`, in nanoseconds of CLOCK_MONOTONIC. Without UV_CACHE_DIR nothing is noted.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(int count, char **arguments) {
    long long begin = now();
    pid_t child;
    int status;
    arguments[0] = UV;
    if (posix_spawn(&child, UV, NULL, NULL, arguments, environ)) return 127;
    while (waitpid(child, &status, 0) < 0) {}
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    const char *cache = getenv("UV_CACHE_DIR");
    char line[8192], file[4096];
    if (cache && snprintf(file, sizeof file, "%s/../uv-times", cache) < (int)sizeof file) {
        int used = snprintf(line, sizeof line, "%lld %lld %d", begin, now(), code);
        for (int i = 1; i < count && used + strlen(arguments[i]) + 3 < sizeof line; i++)
            used += snprintf(line + used, sizeof line - used, " %s", arguments[i]);
        line[used++] = '\n';
        int notes = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (notes >= 0 && write(notes, line, used) < 0) return 126;
    }
    return code;
}

/* envd-hook in C, as the yardstick for its cost: the same checks, the same bytes sent, the answer printed.
 *
 *     hook VERB SHELL
 *
 * The wire format is that of Sources/EnvdProtocol/HookMessage.swift, the choice of variables that of
 * HandedEnvironment.swift. It starts no daemon where none answers, for that is not what is measured.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { PATIENCE_MS = 50, LIMIT = 1 << 20 };

static const char *const names[] = {
    "PATH", "SSH_AUTH_SOCK", "NETRC", "LANG", "LANGUAGE", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO", "GIT_SSH_COMMAND", "http_proxy", "https_proxy",
    "ftp_proxy", "all_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "ALL_PROXY", "NO_PROXY",
    "PYENV_ROOT", "KEYRING_BACKEND"};
static const char *const prefixes[] = {"UV_", "PIP_", "POETRY_", "CONDA_", "LC_"};
static const char *const marks[] = {"ENVD_UNDO", "VIRTUAL_ENV", "CONDA_PREFIX"};
#define COUNT(list) (sizeof list / sizeof *list)

static long long deadline;

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

static int is_named(const char *entry, size_t length, const char *const *list, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (strlen(list[i]) == length && !memcmp(list[i], entry, length)) return 1;
    return 0;
}

static int is_sent(const char *entry) {
    size_t length = strcspn(entry, "=");
    if (!entry[length]) return 0;
    if (is_named(entry, length, names, COUNT(names)) || is_named(entry, length, marks, COUNT(marks))) return 1;
    for (size_t i = 0; i < COUNT(prefixes); i++) {
        size_t its = strlen(prefixes[i]);
        if (length > its && !memcmp(entry, prefixes[i], its)) return 1;
    }
    return 0;
}

static char message[LIMIT];
static size_t used = 4;

static void append(const char *text, size_t length) {
    if (used + length + 1 > sizeof message) exit(0);
    memcpy(message + used, text, length);
    used += length;
}

static void field(const char *text) { append(text, strlen(text) + 1); }

static void directory_field(void) {
    const char *path = getenv("PWD");
    struct stat named, actual;
    static char physical[4096];
    if (path && *path == '/' && !stat(path, &named) && !stat(".", &actual) && named.st_dev == actual.st_dev &&
        named.st_ino == actual.st_ino)
        field(path);
    else
        field(getcwd(physical, sizeof physical) ? physical : "/");
}

static int wait_for(int descriptor, short events) {
    struct pollfd request = {descriptor, events, 0};
    long long rest = deadline - now();
    return poll(&request, 1, rest > 0 ? (int)rest : 0) > 0;
}

static int connect_to_daemon(void) {
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (!runtime || snprintf(address.sun_path, sizeof address.sun_path, "%s/envd/hook", runtime) >= 108) exit(0);
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0 || connect(descriptor, (struct sockaddr *)&address, sizeof address)) exit(0);
    struct ucred peer;
    socklen_t length = sizeof peer;
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &length) || peer.uid != getuid()) exit(0);
    return descriptor;
}

static void send_all(int descriptor) {
    for (size_t sent = 0; sent < used;) {
        ssize_t count = send(descriptor, message + sent, used - sent, MSG_NOSIGNAL);
        if (count >= 0) sent += count;
        else if (errno == EAGAIN ? !wait_for(descriptor, POLLOUT) : errno != EINTR) exit(0);
    }
}

static void print_answer(int descriptor) {
    static unsigned char answer[LIMIT + 4];
    size_t got = 0, wanted = 4;
    while (got < wanted) {
        ssize_t count = recv(descriptor, answer + got, sizeof answer - got, 0);
        if (count == 0) exit(0);
        if (count < 0) {
            if (errno == EAGAIN ? !wait_for(descriptor, POLLIN) : errno != EINTR) exit(0);
            continue;
        }
        got += count;
        if (got >= 4) wanted = 4 + (answer[0] | answer[1] << 8 | answer[2] << 16 | (size_t)answer[3] << 24);
        if (wanted > sizeof answer) exit(0);
    }
    for (size_t written = 4; written < wanted;) {
        ssize_t count = write(1, answer + written, wanted - written);
        if (count <= 0) exit(0);
        written += count;
    }
}

int main(int count, char **arguments) {
    if (count < 3) return 0;
    char process[16];
    snprintf(process, sizeof process, "%d", (int)getppid());
    field("1");
    field(arguments[1]);
    field(arguments[2]);
    field(process);
    directory_field();
    for (char **entry = environ; *entry; entry++)
        if (is_sent(*entry)) field(*entry);
    uint32_t length = used - 4;
    for (int i = 0; i < 4; i++) message[i] = (char)(length >> 8 * i);
    deadline = now() + PATIENCE_MS;
    int descriptor = connect_to_daemon();
    send_all(descriptor);
    if (!strcmp(arguments[1], "ask")) print_answer(descriptor);
    return 0;
}

#define _GNU_SOURCE
#include "display_shims.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

static locale_t wide;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void find_wide(void) { wide = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0); }

int shim_character_width(uint32_t scalar) {
    pthread_once(&once, find_wide);
    if (!wide) return scalar < 0x20 || (scalar >= 0x7f && scalar < 0xa0) ? -1 : 1;
    locale_t before = uselocale(wide);
    int width = wcwidth((wchar_t)scalar);
    uselocale(before);
    return width;
}

int shim_locale_is_utf8(void) {
    locale_t own = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
    if (own) {
        int is_utf8 = strcasecmp(nl_langinfo_l(CODESET, own), "UTF-8") == 0;
        freelocale(own);
        return is_utf8;
    }
    const char *names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t index = 0; index < 3; index++) {
        const char *name = getenv(names[index]);
        if (name && *name) return strcasestr(name, "UTF-8") || strcasestr(name, "UTF8");
    }
    return 0;
}

int shim_terminal_size(int descriptor, uint16_t *rows, uint16_t *columns) {
    struct winsize window = {0};
    if (ioctl(descriptor, TIOCGWINSZ, &window) != 0) return -1;
    *rows = window.ws_row;
    *columns = window.ws_col;
    return 0;
}

static sigset_t set_of(const int32_t *signals, size_t count) {
    sigset_t set;
    sigemptyset(&set);
    for (size_t index = 0; index < count; index++) sigaddset(&set, signals[index]);
    return set;
}

void shim_block_signals(const int32_t *signals, size_t count) {
    sigset_t set = set_of(signals, count);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

int shim_wait_for_signal(const int32_t *signals, size_t count) {
    sigset_t set = set_of(signals, count);
    int signal;
    do signal = sigwaitinfo(&set, NULL);
    while (signal < 0 && errno == EINTR);
    return signal;
}

void shim_take_signal(int number) {
    int32_t one = number;
    sigset_t set = set_of(&one, 1);
    signal(number, SIG_DFL);
    pthread_kill(pthread_self(), number);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

void shim_set_ticks(int milliseconds) {
    struct itimerval timer = {0};
    timer.it_interval.tv_sec = timer.it_value.tv_sec = milliseconds / 1000;
    timer.it_interval.tv_usec = timer.it_value.tv_usec = milliseconds % 1000 * 1000;
    setitimer(ITIMER_REAL, &timer, NULL);
}

int shim_terminal_hush(int descriptor, void *was, size_t size) {
    struct termios settings;
    if (size < sizeof settings || tcgetpgrp(descriptor) != getpgrp() || tcgetattr(descriptor, &settings) != 0) return -1;
    memcpy(was, &settings, sizeof settings);
    settings.c_lflag &= ~(tcflag_t)ECHO;
    return tcsetattr(descriptor, TCSANOW, &settings);
}

void shim_terminal_restore(int descriptor, const void *was) {
    struct termios settings;
    memcpy(&settings, was, sizeof settings);
    /* After a stop another process may be in front: then the terminal is not ours to change. */
    if (tcgetpgrp(descriptor) == getpgrp()) tcsetattr(descriptor, TCSANOW, &settings);
}

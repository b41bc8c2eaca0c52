// What Swift's runtime does before main, made shorter for `envd-hook`, which a shell waits for: it would read
// /proc/self/maps to find the arguments, and look in eight places for a program that prints back-traces.
//
// These are the runtime's own names (stdlib/public/stubs/CommandLine.cpp, stdlib/public/runtime/Backtrace.cpp). A
// linker takes no member of an archive whose names are all there already; a runtime that has others is linked as ever.
#include <stdbool.h>

static int argument_count;
static char **argument_values;

// glibc gives a constructor what it gives main.
__attribute__((constructor(101))) static void keep_arguments(int count, char **values) {
    argument_count = count;
    argument_values = values;
}

char **_swift_stdlib_getUnsafeArgvArgc(int *count) {
    *count = argument_count;
    return argument_values;
}

void _swift_stdlib_overrideUnsafeArgvArgc(char **values, int count) {
    argument_values = values;
    argument_count = count;
}

// All zero: no back-traces. Larger than the runtime's structure.
char _swift_backtraceSettings[1024];

bool _swift_backtrace_isThunkFunction(const char *name) {
    (void)name;
    return false;
}

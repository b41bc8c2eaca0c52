#include "statfs_shims.h"

#include <sys/vfs.h>

int shim_file_system_magic(const char *path, uint32_t *magic) {
    struct statfs facts;
    int result = statfs(path, &facts);
    if (result == 0) *magic = (uint32_t)facts.f_type;
    return result;
}

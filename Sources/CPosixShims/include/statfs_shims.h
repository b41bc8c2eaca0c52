#ifndef ENVD_STATFS_SHIMS_H
#define ENVD_STATFS_SHIMS_H

#include <stdint.h>

/* statfs(2): the number that names the kind of file system; -1 and errno when there is no such path. */
int shim_file_system_magic(const char *path, uint32_t *magic);

#endif

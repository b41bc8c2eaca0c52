/* Memory that a service manager keeps: memfd_create(2), and sendmsg(2) with SCM_RIGHTS (unix(7)). */
#ifndef ENVD_MEMORY_SHIMS_H
#define ENVD_MEMORY_SHIMS_H

#include <stddef.h>

/* memfd_create(2), close-on-exec. */
int shim_memory_file(const char *name);

/* sendmsg(2) of one datagram to an address, with one descriptor; does not wait and raises no signal. */
long shim_send_descriptor(
    int socket, const void *address, unsigned int address_length, const void *bytes, size_t count, int descriptor);

#endif

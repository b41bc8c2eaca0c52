#define _GNU_SOURCE
#include "posix_shims.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

int shim_route_monitor(void) {
  int descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
  if (descriptor < 0) return -1;
  struct sockaddr_nl address = {
      .nl_family = AF_NETLINK,
      .nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE,
  };
  if (bind(descriptor, (struct sockaddr *)&address, sizeof address) == 0) return descriptor;
  int code = errno;
  close(descriptor);
  errno = code;
  return -1;
}

static int is_up(const struct nlmsghdr *message) {
  switch (message->nlmsg_type) {
    case RTM_NEWADDR:
    case RTM_NEWROUTE:
      return 1;
    case RTM_NEWLINK: {
      if (message->nlmsg_len < NLMSG_LENGTH(sizeof(struct ifinfomsg))) return 0;
      unsigned flags = ((const struct ifinfomsg *)NLMSG_DATA(message))->ifi_flags;
      return (flags & IFF_UP) && (flags & IFF_RUNNING);
    }
    default:
      return 0;
  }
}

int shim_route_monitor_read(int descriptor) {
  _Alignas(struct nlmsghdr) char buffer[16384];
  int news = 0;
  for (;;) {
    ssize_t count = recv(descriptor, buffer, sizeof buffer, 0);
    if (count < 0) {
      if (errno == EINTR) continue;
      if (errno != ENOBUFS) return news;
      news = 1;
      continue;
    }
    if (count == 0) return news;
    size_t rest = (size_t)count;
    for (struct nlmsghdr *message = (struct nlmsghdr *)buffer; NLMSG_OK(message, rest);
         message = NLMSG_NEXT(message, rest))
      if (is_up(message)) news = 1;
  }
}

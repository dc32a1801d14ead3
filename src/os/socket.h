/* SPDX-License-Identifier: Apache-2.0
 *
 * Stream sockets in the file system, for a small agent on this machine.  Frames are a 4-byte
 * big-endian length and that many bytes; every wait has an end.  And a listener on this machine's
 * own address, for a library that serves it.
 */
#ifndef ENTENTE_OS_SOCKET_H
#define ENTENTE_OS_SOCKET_H

#include "base/buf.h"
#include "base/err.h"

struct socket {
    int fd; /* -1 when closed */
};

#define SOCKET_CLOSED ((struct socket){.fd = -1})

static inline bool socket_is_open(const struct socket *s)
{
    return s->fd >= 0;
}

/* Listens at the path (mode 0600).  A socket left by one that has ended is replaced; ERR_STATE when
 * somebody still listens there, or something else has the name. */
MUST_CHECK bool socket_listen(const char *path, struct socket *out, struct err *err);

/* Listens at 127.0.0.1, for a library that takes the callers itself; port 0: any that is free.
 * ERR_STATE when somebody listens there. */
MUST_CHECK bool socket_listen_here(uint16_t port, struct socket *out, uint16_t *out_port,
                                   struct err *err);

/* ERR_STATE when nobody listens. */
MUST_CHECK bool socket_connect(const char *path, struct socket *out, struct err *err);

/* The next who calls; true with out closed when nobody did in time or a signal came.  timeout_ms
 * -1 = no end. */
MUST_CHECK bool socket_accept(const struct socket *listener, int timeout_ms, struct socket *out,
                              struct err *err);

/* Does the process at the other end belong to this user?  (SO_PEERCRED) */
bool socket_peer_is_me(const struct socket *s);
MUST_CHECK bool socket_peer_uid(const struct socket *s, uint32_t *out, struct err *err);

/* timeout_ms is for the whole frame.  ERR_IO when time is up or the other end is gone. */
MUST_CHECK bool socket_send(const struct socket *s, struct bytes frame, unsigned timeout_ms,
                            struct err *err);

/* Adds one frame of at most max bytes to out.  ERR_LIMIT above that; nothing of it is then read. */
MUST_CHECK bool socket_receive(const struct socket *s, size_t max, unsigned timeout_ms,
                               struct buf *out, struct err *err);

void socket_close(struct socket *s); /* twice is fine */

#endif

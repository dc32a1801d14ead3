/* SPDX-License-Identifier: Apache-2.0
 *
 * See socket.h.  Sockets do not block; poll does the waiting, against one end for the whole frame.
 */
#include "os/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "os/clock.h"
#include "os/stop.h"
#include "os/system_priv.h"

#define BACKLOG 16

static bool address_of(const char *path, struct sockaddr_un *out, struct err *err)
{
    size_t n = strlen(path);
    *out = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (n == 0 || n >= sizeof(out->sun_path)) {
        return err_set(err, ERR_LIMIT, "the socket's path is longer than %zu bytes",
                       sizeof(out->sun_path) - 1) ||
               err_at(err, "%.200s", path) ||
               err_mend(err, "set XDG_RUNTIME_DIR to a shorter folder");
    }
    memcpy(out->sun_path, path, n + 1);
    return true;
}

static bool open_socket(int *out, struct err *err)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return system_error(err, errno, "a socket cannot be made");
    }
    *out = fd;
    return true;
}

static bool connect_address(int fd, const struct sockaddr_un *to)
{
    int rc;
    do {
        rc = connect(fd, (const struct sockaddr *)to, sizeof(*to));
    } while (rc != 0 && errno == EINTR);
    return rc == 0;
}

/* Makes room for a new socket where one was left behind. */
static bool clear_stale(const char *path, const struct sockaddr_un *at, struct err *err)
{
    struct stat st;
    if (lstat(path, &st) != 0) {
        return errno == ENOENT || system_error(err, errno, "%s cannot be looked at", path);
    }
    if (!S_ISSOCK(st.st_mode)) {
        return err_set(err, ERR_STATE, "%s is there and is not a socket", path) ||
               err_mend(err, "move it away");
    }
    int fd = -1;
    if (!open_socket(&fd, err)) {
        return false;
    }
    bool answered = connect_address(fd, at) || errno != ECONNREFUSED;
    system_close(fd);
    if (answered) {
        return err_set(err, ERR_STATE, "another program listens at %s", path) ||
               err_mend(err, "end it first");
    }
    return unlink(path) == 0 || errno == ENOENT ||
           system_error(err, errno, "the old socket %s cannot be removed", path);
}

bool socket_listen(const char *path, struct socket *out, struct err *err)
{
    struct sockaddr_un at;
    int fd = -1;
    if (!address_of(path, &at, err) || !clear_stale(path, &at, err) || !open_socket(&fd, err)) {
        return false;
    }
    /* On Linux the file takes the mode that the socket has when it is bound: never wider than
     * this, not even for a moment. */
    if (fchmod(fd, 0600) != 0 || bind(fd, (const struct sockaddr *)&at, sizeof(at)) != 0 ||
        listen(fd, BACKLOG) != 0) {
        (void)system_error(err, errno, "nobody can listen at %s", path);
        system_close(fd);
        return false;
    }
    *out = (struct socket){.fd = fd};
    return true;
}

bool socket_listen_here(uint16_t port, struct socket *out, uint16_t *out_port, struct err *err)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons(port),
                             .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    socklen_t n = sizeof(at);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return system_error(err, errno, "a socket cannot be made");
    }
    /* Else the port of a server that has just ended is taken for a minute. */
    int again = 1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &again, sizeof(again)) != 0 ||
        bind(fd, (const struct sockaddr *)&at, sizeof(at)) != 0 || listen(fd, BACKLOG) != 0 ||
        getsockname(fd, (struct sockaddr *)&at, &n) != 0) {
        int number = errno;
        system_close(fd);
        if (number == EADDRINUSE || number == EACCES) {
            return err_set(err, ERR_STATE, "port %u of this machine is %s", (unsigned)port,
                           number == EACCES ? "not for everybody" : "taken") ||
                   err_mend(err, "name another with --port, or leave it out");
        }
        return system_error(err, number, "nobody can listen at port %u", (unsigned)port);
    }
    *out = (struct socket){.fd = fd};
    *out_port = ntohs(at.sin_port);
    return true;
}

bool socket_connect(const char *path, struct socket *out, struct err *err)
{
    struct sockaddr_un at;
    int fd = -1;
    if (!address_of(path, &at, err) || !open_socket(&fd, err)) {
        return false;
    }
    if (!connect_address(fd, &at)) {
        int number = errno;
        system_close(fd);
        if (number == ENOENT || number == ECONNREFUSED) {
            return err_set(err, ERR_STATE, "nobody listens at %s", path);
        }
        return system_error(err, number, "%s cannot be reached", path);
    }
    *out = (struct socket){.fd = fd};
    return true;
}

/* Waits for one of the events; -1 failed, 0 time is up or a signal came, 1 go on. */
static int wait_for(int fd, short events, int timeout_ms)
{
    struct pollfd p = {.fd = fd, .events = events};
    int rc = poll(&p, 1, timeout_ms);
    if (rc < 0) {
        return errno == EINTR ? 0 : -1;
    }
    return rc > 0 ? 1 : 0;
}

bool socket_accept(const struct socket *listener, int timeout_ms, struct socket *out,
                   struct err *err)
{
    int ready = wait_for(listener->fd, POLLIN, timeout_ms);
    int fd = -1;
    if (ready > 0) {
        fd = accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    }
    if (ready < 0 ||
        (ready > 0 && fd < 0 && errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)) {
        return system_error(err, errno, "a call cannot be taken");
    }
    *out = (struct socket){.fd = fd};
    return true;
}

bool socket_peer_uid(const struct socket *s, uint32_t *out, struct err *err)
{
    struct ucred who;
    socklen_t n = sizeof(who);
    if (getsockopt(s->fd, SOL_SOCKET, SO_PEERCRED, &who, &n) != 0 || n != sizeof(who)) {
        return system_error(err, errno, "the system does not say who calls");
    }
    *out = who.uid;
    return true;
}

bool socket_peer_is_me(const struct socket *s)
{
    struct err ignored;
    uint32_t uid;
    return socket_peer_uid(s, &uid, &ignored) && uid == geteuid();
}

/* ---- frames ---- */

/* Waits until the socket is ready for it, `until` at the latest. */
static bool ready_by(int fd, short events, uint64_t until, struct err *err)
{
    for (;;) {
        uint64_t now = clock_monotonic_us();
        if (now >= until) {
            return err_set(err, ERR_IO, "the other program does not answer in time");
        }
        uint64_t left_ms = (until - now + 999u) / 1000u;
        int ready = wait_for(fd, events, left_ms > 60000u ? 60000 : (int)left_ms);
        if (ready < 0) {
            return system_error(err, errno, "the socket cannot be waited for");
        }
        if (ready > 0) {
            return true;
        }
        if (!stop_check(err)) {
            return false;
        }
    }
}

static uint64_t end_of(unsigned timeout_ms)
{
    return clock_monotonic_us() + (uint64_t)timeout_ms * 1000u;
}

static bool send_by(int fd, struct bytes v, uint64_t until, struct err *err)
{
    while (v.n > 0) {
        ssize_t n = send(fd, v.p, v.n, MSG_NOSIGNAL);
        if (n >= 0) {
            v = bytes_slice(v, (size_t)n, v.n);
        } else if (errno == EAGAIN) {
            if (!ready_by(fd, POLLOUT, until, err)) {
                return false;
            }
        } else if (errno == EPIPE || errno == ECONNRESET) {
            return err_set(err, ERR_IO, "the other program has hung up");
        } else if (errno != EINTR) {
            return system_error(err, errno, "the other program cannot be written to");
        }
    }
    return true;
}

bool socket_send(const struct socket *s, struct bytes frame, unsigned timeout_ms, struct err *err)
{
    if (frame.n > UINT32_MAX) {
        return err_set(err, ERR_LIMIT, "a message of %zu bytes does not fit in a frame", frame.n);
    }
    uint64_t until = end_of(timeout_ms);
    uint8_t head[4];
    for (size_t i = 0; i < sizeof(head); i++) {
        head[i] = (uint8_t)(frame.n >> (24 - 8 * i));
    }
    return send_by(s->fd, bytes_of(head, sizeof(head)), until, err) &&
           send_by(s->fd, frame, until, err);
}

static bool receive_by(int fd, uint8_t *out, size_t n, uint64_t until, struct err *err)
{
    for (size_t at = 0; at < n;) {
        ssize_t got = recv(fd, out + at, n - at, 0);
        if (got > 0) {
            at += (size_t)got;
        } else if (got == 0 || errno == ECONNRESET) {
            return err_set(err, ERR_IO, "the other program has hung up");
        } else if (errno == EAGAIN) {
            if (!ready_by(fd, POLLIN, until, err)) {
                return false;
            }
        } else if (errno != EINTR) {
            return system_error(err, errno, "the other program cannot be read from");
        }
    }
    return true;
}

bool socket_receive(const struct socket *s, size_t max, unsigned timeout_ms, struct buf *out,
                    struct err *err)
{
    uint64_t until = end_of(timeout_ms);
    uint8_t head[4];
    if (!receive_by(s->fd, head, sizeof(head), until, err)) {
        return false;
    }
    size_t n = 0;
    for (size_t i = 0; i < sizeof(head); i++) {
        n = n << 8 | head[i];
    }
    if (n > max) {
        return err_set(err, ERR_LIMIT, "a message of %zu bytes came; the ceiling is %zu", n, max);
    }
    size_t before = out->n;
    buf_add_fill(out, 0, n);
    if (!buf_done(out, "a message", err)) {
        return false;
    }
    if (n > 0 && !receive_by(s->fd, out->p + before, n, until, err)) {
        bytes_wipe(out->p + before, n);
        out->n = before;
        return false;
    }
    return true;
}

void socket_close(struct socket *s)
{
    system_close(s->fd);
    *s = SOCKET_CLOSED;
}

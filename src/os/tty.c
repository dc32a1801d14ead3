/* SPDX-License-Identifier: Apache-2.0 */
#include "os/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/fixed.h"
#include "os/file.h"
#include "os/place.h"
#include "os/stop.h"
#include "os/system_priv.h"

#define WIDTH_LEAST 20u
#define WIDTH_MOST 1000u
#define WIDTH_USUAL 80u

bool tty_is(enum tty_stream stream)
{
    return isatty((int)stream) == 1;
}

static unsigned width_within(uint64_t n)
{
    return n < WIDTH_LEAST ? WIDTH_LEAST : n > WIDTH_MOST ? WIDTH_MOST : (unsigned)n;
}

unsigned tty_width(enum tty_stream stream)
{
    struct winsize size;
    if (ioctl((int)stream, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        return width_within(size.ws_col);
    }
    const char *columns = place_env("COLUMNS");
    uint64_t n;
    if (columns != NULL && u64_parse(text_str(columns), &n)) {
        return width_within(n);
    }
    return WIDTH_USUAL;
}

bool tty_colour(enum tty_stream stream)
{
    const char *term = place_env("TERM");
    return tty_is(stream) && place_env("NO_COLOR") == NULL && term != NULL &&
           strcmp(term, "dumb") != 0;
}

/* One line, byte by byte: what comes after it belongs to the next reader. */
static bool read_line(int fd, const char *name, struct buf *out, struct err *err)
{
    size_t before = out->n;
    for (bool any = false;; any = true) {
        uint8_t c;
        ssize_t n = read(fd, &c, 1);
        if (n < 0 && errno == EINTR) {
            if (!stop_check(err)) {
                return false;
            }
            continue;
        }
        if (n < 0) {
            return system_error(err, errno, "%s cannot be read", name);
        }
        if (n == 0 && !any) {
            return err_set(err, ERR_STATE, "%s ended before a line was read", name);
        }
        if (n == 0 || c == '\n') {
            bytes_wipe(&c, 1);
            if (out->n > before && out->p[out->n - 1] == '\r') {
                out->n--;
            }
            return buf_done(out, "the line", err);
        }
        buf_add_u8(out, c);
    }
}

bool tty_ask(const char *prompt, enum tty_echo echo, struct buf *out, struct err *err)
{
    int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) {
        return err_set(err, ERR_USE, "there is no terminal to ask at") ||
               err_mend(err, "run it in a terminal, or give the answer as an option");
    }
    struct termios before;
    size_t n = out->n;
    bool hidden = echo == TTY_HIDDEN;
    bool ok = false;
    if (hidden) {
        if (tcgetattr(fd, &before) != 0) {
            (void)system_error(err, errno, "the terminal does not say how it is set");
            hidden = false;
            goto done;
        }
        struct termios quiet = before;
        quiet.c_lflag &= ~(tcflag_t)ECHO;
        quiet.c_lflag |= ECHONL;
        if (tcsetattr(fd, TCSAFLUSH, &quiet) != 0) {
            (void)system_error(err, errno, "the terminal cannot hide what is typed");
            hidden = false;
            goto done;
        }
    }
    ok = file_write_all(fd, "the terminal", bytes_str(prompt), err) &&
         read_line(fd, "the terminal", out, err);
done:
    if (hidden) {
        (void)tcsetattr(fd, TCSAFLUSH, &before); /* nothing better can be done on the way out */
    }
    if (!ok && out->n > n) {
        bytes_wipe(out->p + n, out->n - n);
        out->n = n;
    }
    system_close(fd);
    return ok;
}

bool tty_passphrase_fd(int fd, struct buf *out, struct err *err)
{
    size_t n = out->n;
    if (!read_line(fd, "the passphrase", out, err)) {
        if (out->n > n) {
            bytes_wipe(out->p + n, out->n - n);
            out->n = n;
        }
        return false;
    }
    return out->n > n || err_set(err, ERR_USE, "the passphrase is empty");
}

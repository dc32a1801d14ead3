/* SPDX-License-Identifier: Apache-2.0
 *
 * CHECK is for our own bugs: it names file and line and stops, in release builds too.
 * Bad input must never reach one; bad input is an err (base/err.h).
 */
#ifndef ENTENTE_BASE_CHECK_H
#define ENTENTE_BASE_CHECK_H

_Noreturn void check_failed(const char *what, const char *file, int line);

#define CHECK(x) ((x) ? (void)0 : check_failed(#x, __FILE__, __LINE__))

#endif

/* SPDX-License-Identifier: Apache-2.0
 *
 * A charter by questions: one at a time, each with an example or with what stands where nothing is
 * typed; an answer that cannot be is refused at once; one can go back as far as one likes, and what
 * was said stays as the proposal.  What comes out is YAML for people, as they would have written it.
 *
 *     struct questions *q = questions_new(mem);
 *     while ((prompt = questions_ask(q)) != NULL) { ... questions_answer(q, typed, &err) ... }
 *     questions_yaml(q, &out);
 */
#ifndef ENTENTE_APP_QUESTIONS_H
#define ENTENTE_APP_QUESTIONS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/text.h"

#define QUESTIONS_MANY 12u /* parties, phases, issues, deeds: further ones are added in the file */

struct questions;

/* In mem, which also holds the answers.  NULL: memory. */
struct questions *questions_new(struct arena *mem);

/* The question that is open, with its example or its default in brackets, and a blank behind it; NULL
 * when all are answered. */
const char *questions_ask(struct questions *q);

/* "" takes what stands in brackets.  ERR_USE with a mend: the question stays open. */
MUST_CHECK bool questions_answer(struct questions *q, struct text answer, struct err *err);

/* The one before is open again; false at the first. */
bool questions_back(struct questions *q);

/* After the last.  The text is a sound charter, where buf has room. */
void questions_yaml(const struct questions *q, struct buf *out);

/* The id and the title of whoever founds it: the mediation's principal, or the first party's. */
struct text questions_convener(const struct questions *q);
struct text questions_title(const struct questions *q);

#endif

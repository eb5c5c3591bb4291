/* C interface: opaque handles, status codes, points and answers as JSON (docs/c.md).
 *
 *   asktell_study* study;
 *   if (asktell_open("{\"space\": {\"parameters\": [{\"name\": \"x\", \"kind\": \"real\", "
 *                    "\"low\": -5, \"high\": 10}]}, \"seed\": 7}", &study) != ASKTELL_OK)
 *     puts(asktell_error());
 *   int64_t trial;
 *   char* point;
 *   while (asktell_ask(study, &trial, &point) == ASKTELL_OK) { ...; asktell_free(point); }
 *
 * A study may be used from any number of threads. Strings handed out are the caller's:
 * asktell_free. */
#ifndef ASKTELL_H
#define ASKTELL_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct asktell_study asktell_study;

typedef enum asktell_status {
  ASKTELL_OK = 0,
  ASKTELL_ERROR = 1,     /* asktell_error() says what; nothing changed */
  ASKTELL_EXHAUSTED = 2, /* nothing left to ask, or nothing told yet; not an error */
  ASKTELL_TOLD_TWICE = 3 /* the trial has an answer, which asktell_error() shows; nothing changed */
} asktell_status;

const char* asktell_version(void);
/* Message of this thread's last call that did not return ASKTELL_OK. Valid until its next call. */
const char* asktell_error(void);
/* Identifier of that error, as "study.unknown-trial". */
const char* asktell_error_id(void);
void asktell_free(char* text);

/* options: a JSON object with any of space (see docs/c.md), file, seed, solver, options, direction,
 * constraints (names), noise, n_trials, lease. A file that exists is opened. */
asktell_status asktell_open(const char* options, asktell_study** study);
void asktell_close(asktell_study* study); /* NULL is fine */

/* The next trial: its number and its query, {"x": 1.5, ...} for an evaluation. */
asktell_status asktell_ask(asktell_study* study, int64_t* trial, char** query);
asktell_status asktell_tell(asktell_study* study, int64_t trial, double value);
/* answer: {"objectives": [1.2], "constraints": [-0.1], "noise_variance": 0.01, "cost": 3}, or
 * {"order": [...]}, {"plus": ..., "minus": ...}, {"failure": "..."}. */
asktell_status asktell_tell_json(asktell_study* study, int64_t trial, const char* answer);
asktell_status asktell_fail(asktell_study* study, int64_t trial, const char* reason);
asktell_status asktell_tell_point(asktell_study* study, const char* point, double value);
asktell_status asktell_enqueue(asktell_study* study, const char* point);
asktell_status asktell_amend(asktell_study* study, int64_t trial, const char* answer);
/* Best feasible trial told; each of the last three may be NULL. */
asktell_status asktell_best(asktell_study* study, int64_t* trial, double* value, char** point);
int64_t asktell_told(asktell_study* study); /* answered trials; -1 on error */

#ifdef __cplusplus
}
#endif

#endif

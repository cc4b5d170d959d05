/* SPDX-License-Identifier: Apache-2.0 */
/* What the guardian says: lines of JSON on standard error, as every process of Ordeal writes them. */
#ifndef GUARDIAN_SAY_H
#define GUARDIAN_SAY_H

#include <stdint.h>

/* The levels of the other processes' logs. */
enum level { INFO = 30, WARN = 40, ERROR = 50 };

/* What is said is cut where it is too long, and dropped where nobody takes it: the guardian waits for no reader. */
void say(enum level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same with what errno means, in brackets. */
void say_errno(enum level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* CLOCK_MONOTONIC in microseconds. */
uint64_t now_us(void);

#endif

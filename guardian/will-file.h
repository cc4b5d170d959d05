/* SPDX-License-Identifier: Apache-2.0 */
/* The folder in which the agent leaves its wills, a file <id>.will each. */
#ifndef GUARDIAN_WILL_FILE_H
#define GUARDIAN_WILL_FILE_H

#include <sys/types.h>

#include "will.h"

/* Opens the folder, which it makes where it is missing; answers 0, or -1 where wills cannot be trusted there. */
int open_wills(const char *path);

/* Calls `found` with the id of each will that is in it. */
void for_each_will(void (*found)(const char *id));

/* Reads the will of an injection; NULL, or what is wrong with it. */
const char *read_will(const char *id, struct will *will);

/* Reads a file from its beginning as a text without the end of its last line; its length, or -1. */
ssize_t read_text(int file, char *text, size_t size);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* The wills that the guardian holds, and their fulfilment. */
#ifndef GUARDIAN_WILLS_H
#define GUARDIAN_WILLS_H

#include <stdint.h>

/* Of every process of Ordeal's on one host there are never as many faults at once. */
#define WILLS_MOST 64

/* Takes the will of the file <id>.will; NULL, or why not. What it will need is opened and read now, while there is time. */
const char *take_will(const char *id);

enum left { UNKNOWN, HELD, IDLE, ENDED };

/* Forgets a will; tells what had become of it, and of one by which a fault was ended, when that was. */
enum left withdraw_will(const char *id, uint64_t *ended_us);

int wills_held(void);

/* The instant at which the next one has to be looked at; UINT64_MAX where there is none. An agent that lives has some time to do it itself. */
uint64_t next_will_us(int agent_lives);

/* Fulfils those that are due. */
void fulfil_wills(int agent_lives);

/* Fulfils all of them, whenever they are due. */
void fulfil_all_wills(void);

#endif

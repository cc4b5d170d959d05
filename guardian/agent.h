/* SPDX-License-Identifier: Apache-2.0 */
/* The agent as a process of the guardian's, and the line that leads to it. */
#ifndef GUARDIAN_AGENT_H
#define GUARDIAN_AGENT_H

#include <stdint.h>

void start_agent(char *const argv[]);

int agent_lives(void);

/* What may be polled for what the agent says; -1 while there is none. */
int agent_line(void);

/* Answers what the agent has said. */
void listen_to_agent(void);

void signal_agent(int signal);

/* Takes note of children that have ended; of the agent itself it answers 1, and gives how. */
int bury_agent(int *status);

/* How long after its end the agent may be started again: the longer, the sooner it has ended each time. */
uint64_t pause_before_start_us(void);

#endif

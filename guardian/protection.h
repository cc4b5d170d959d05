/* SPDX-License-Identifier: Apache-2.0 */
/* What keeps the guardian and its agent alive and on a processor. Each is had or not: what is not is said, with the reason, and all goes on. */
#ifndef GUARDIAN_PROTECTION_H
#define GUARDIAN_PROTECTION_H

void protect_guardian(void);

/* Of the calling process, which is about to become the agent. */
void protect_agent(void);

#endif

// SPDX-License-Identifier: Apache-2.0
#include "protection.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "say.h"

/* Exempt; the agent below it: where something of Ordeal's has to go, that can be started again. */
#define GUARDIAN_OOM "-1000"
#define AGENT_OOM "-900"
/* Above every hog but one of the same priority. It runs for microseconds, so nobody else misses them. */
#define GUARDIAN_PRIORITY 99
#define AGENT_NICE (-20)
/* More than the deepest call needs. */
#define STACK_BYTES 65536

static int write_oom_score(const char *score)
{
	int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	ssize_t written = file < 0 ? -1 : write(file, score, strlen(score));
	int why = errno;

	if (file >= 0)
		close(file);
	errno = why;
	return written < 0 ? -1 : 0;
}

/* Grows the stack while memory is to be had. */
static void touch_stack(void)
{
	volatile char deepest[STACK_BYTES];

	for (size_t i = 0; i < sizeof(deepest); i += 1024)
		deepest[i] = 0;
}

void protect_guardian(void)
{
	const struct sched_param first = { .sched_priority = GUARDIAN_PRIORITY };

	if (mlockall(MCL_CURRENT | MCL_FUTURE) < 0)
		say_errno(WARN, "the guardian is not locked in memory");
	touch_stack();
	if (write_oom_score(GUARDIAN_OOM) < 0)
		say_errno(WARN, "the guardian is not exempt from the OOM killer");
	/* What it starts begins as any other process. */
	if (sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &first) < 0)
		say_errno(WARN, "the guardian does not come before what takes the processors");
}

/*
 * No real-time class for the agent: it would take the processors from what is measured whenever it collects its garbage. It comes before all
 * that is no real-time thread, with its main thread alone: hogs and programs that it starts are not to come before what they act on.
 */
void protect_agent(void)
{
	const struct sched_param fair = { .sched_priority = 0 };

	if (write_oom_score(AGENT_OOM) < 0)
		say_errno(WARN, "the agent is not kept from the OOM killer");
	if (setpriority(PRIO_PROCESS, 0, AGENT_NICE) < 0 || sched_setscheduler(0, SCHED_OTHER | SCHED_RESET_ON_FORK, &fair) < 0)
		say_errno(WARN, "the agent does not come before other processes");
}

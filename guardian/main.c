// SPDX-License-Identifier: Apache-2.0
/*
 * The guardian starts the agent of a host and, when that is killed, starts it again. Meanwhile, and where the agent is too starved to act,
 * it ends the faults that neither the kernel nor a process of their own would end: by the wills that the agent leaves it beforehand.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent.h"
#include "cgroup.h"
#include "check.h"
#include "protection.h"
#include "say.h"
#include "will-file.h"
#include "wills.h"

#define WRONG_USE 2

static const char usage[] =
	"usage: ordeal-guardian --wills <folder> [--cgroup <name>] -- <program> [argument ..]\n"
	"       ordeal-guardian --check <folder>\n"
	"\n"
	"Runs the agent of a host and starts it again when it is killed; ends, at their deadlines, the faults that it can no longer end.\n"
	"  --wills <folder>   where the agent leaves what is to be done, in files that only their owner can change\n"
	"  --cgroup <name>    makes this cgroup, with memory that the kernel takes last, and lives in it with the agent\n"
	"  --check <folder>   says of each file in it whether it is a will, and does nothing else\n";

struct settings {
	const char *wills;
	const char *cgroup;
	char **argv;
};

static void use_wrong(const char *what, const char *which)
{
	fprintf(stderr, "ordeal-guardian: %s%s\n\n%s", what, which, usage);
	exit(WRONG_USE);
}

static const char *value_of(char **argument)
{
	if (!argument[1])
		use_wrong("a value has to follow ", argument[0]);
	return argument[1];
}

static struct settings read_arguments(char **argv)
{
	struct settings settings = { 0 };

	for (argv++; *argv && strcmp(*argv, "--") != 0; argv += 2) {
		if (strcmp(*argv, "--help") == 0) {
			fputs(usage, stdout);
			exit(0);
		}
		if (strcmp(*argv, "--check") == 0)
			exit(check_wills(value_of(argv)));
		if (strcmp(*argv, "--wills") == 0)
			settings.wills = value_of(argv);
		else if (strcmp(*argv, "--cgroup") == 0)
			settings.cgroup = value_of(argv);
		else
			use_wrong("there is no option ", *argv);
	}
	if (!settings.wills)
		use_wrong("--wills is missing", "");
	if (!*argv || !argv[1])
		use_wrong("behind -- has to be the program of the agent", "");
	settings.argv = argv + 1;
	return settings;
}

static int open_signals(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGHUP);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	return signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void set_timer(int timer, uint64_t at_us)
{
	struct itimerspec at = { 0 };

	if (at_us != UINT64_MAX) {
		at.it_value.tv_sec = at_us / 1000000;
		/* 0 and 0 would be no timer. */
		at.it_value.tv_nsec = at_us % 1000000 * 1000 + 1;
	}
	timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, NULL);
}

/* The signals that were sent to the guardian; a demand to end is the agent's as well. Answers 1 where there was one. */
static int read_signals(int signals)
{
	struct signalfd_siginfo info;
	int ends = 0;

	while (read(signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			continue;
		signal_agent(SIGTERM);
		ends = 1;
	}
	return ends;
}

/* What an earlier guardian may have held. */
static void take_left(const char *id)
{
	const char *wrong = take_will(id);

	if (wrong)
		say(WARN, "the will %s that was left is not taken: %s", id, wrong);
	else
		say(INFO, "the will %s that was left is taken", id);
}

static void say_end(int status)
{
	if (WIFSIGNALED(status))
		say(WARN, "the agent was killed by signal %d; %d faults are left to the guardian", WTERMSIG(status), wills_held());
	else
		say(WARN, "the agent ended with code %d; %d faults are left to the guardian", WEXITSTATUS(status), wills_held());
}

static int code_of(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Answers the code to end with. */
static int guard(char **argv, int signals, int timer)
{
	uint64_t start_us = 0;
	int ends = 0;

	for (;;) {
		struct pollfd polled[] = {
			{ .fd = signals, .events = POLLIN },
			{ .fd = timer, .events = POLLIN },
			{ .fd = agent_line(), .events = POLLIN },
		};
		uint64_t next_us = next_will_us(agent_lives());
		int status;

		if (!agent_lives() && start_us < next_us)
			next_us = start_us;
		set_timer(timer, next_us);
		if (poll(polled, 3, -1) < 0 && errno != EINTR)
			say_errno(ERROR, "the guardian cannot wait");
		fulfil_wills(agent_lives());
		if (polled[2].revents)
			listen_to_agent();
		ends |= read_signals(signals);
		if (bury_agent(&status)) {
			/* One that ends by itself and leaves nothing behind has its reason, and is not kept from it. */
			if (ends || (WIFEXITED(status) && wills_held() == 0)) {
				fulfil_all_wills();
				return code_of(status);
			}
			say_end(status);
			start_us = now_us() + pause_before_start_us();
		} else if (ends && !agent_lives()) {
			fulfil_all_wills();
			return 0;
		}
		if (!agent_lives() && now_us() >= start_us) {
			start_agent(argv);
			if (!agent_lives())
				start_us = now_us() + pause_before_start_us();
		}
	}
}

int main(int argc, char **argv)
{
	const struct settings settings = read_arguments(argv);
	const int signals = open_signals();
	const int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	int code;

	(void)argc;
	if (signals < 0 || timer < 0) {
		say_errno(ERROR, "the guardian cannot be told of signals and instants");
		return 1;
	}
	if (open_wills(settings.wills) < 0)
		return 1;
	if (settings.cgroup)
		join_cgroup(settings.cgroup);
	protect_guardian();
	for_each_will(take_left);
	code = guard(settings.argv, signals, timer);
	leave_cgroup();
	return code;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* A cgroup of Ordeal's own, directly below the root, whose memory the kernel takes last; where systemd does not give one. */
#ifndef GUARDIAN_CGROUP_H
#define GUARDIAN_CGROUP_H

/* Makes it and joins it. Where it cannot be had, this is said, and all goes on where it is. */
void join_cgroup(const char *name);

/* Leaves it again, and removes it. */
void leave_cgroup(void);

#endif

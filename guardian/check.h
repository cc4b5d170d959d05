/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUARDIAN_CHECK_H
#define GUARDIAN_CHECK_H

/* Says of each file in a folder whether it is a will of this boot, a line each in the order of their names; answers 0 where all are. */
int check_wills(const char *folder);

#endif

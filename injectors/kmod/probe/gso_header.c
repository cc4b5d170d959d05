// SPDX-License-Identifier: GPL-2.0-only
/* Segmentation is declared in a header of its own. */
#include <linux/module.h>
#include <net/gso.h>

MODULE_LICENSE("GPL");

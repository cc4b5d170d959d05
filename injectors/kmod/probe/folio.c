// SPDX-License-Identifier: GPL-2.0-only
/* The page cache is made of folios. */
#include <linux/module.h>
#include <linux/pagemap.h>

pgoff_t probe(struct page *page);
pgoff_t probe(struct page *page)
{
	return page_folio(page)->index;
}
MODULE_LICENSE("GPL");

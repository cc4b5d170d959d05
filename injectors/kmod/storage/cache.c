// SPDX-License-Identifier: GPL-2.0-only
/*
 * What was read into the page cache stays there when the fault is over. The pages that were corrupted are remembered, and dropped then, so
 * that they are read again. A page that was written to since, or that is locked in memory, cannot be: it is counted as kept.
 */
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/slab.h>

#include "storage.h"

/* 64 MiB of pages of 4 KiB, which cannot be reclaimed while the fault lasts. */
#define MOST_PAGES 16384

/* Flags in the lowest bits say that it is not a file's. */
static struct address_space *file_mapping(struct page *page)
{
	unsigned long mapping = (unsigned long)READ_ONCE(page->mapping);

	return mapping & (sizeof(long) - 1) ? NULL : (struct address_space *)mapping;
}

#ifdef HAVE_FOLIO
#define lock_cached(page) folio_lock(page_folio(page))
#define unlock_cached(page) folio_unlock(page_folio(page))
#define index_of(page) (page_folio(page)->index)
#define count_of(page) folio_nr_pages(page_folio(page))
#else
#define lock_cached(page) lock_page(page)
#define unlock_cached(page) unlock_page(page)
#define index_of(page) page_index(page)
#define count_of(page) compound_nr(page)
#endif

int storage_cache_start(struct ordeal_storage *storage)
{
	if (!storage_corrupts_reads(storage))
		return 0;
	storage->cache.pages = kvcalloc(MOST_PAGES, sizeof(*storage->cache.pages), GFP_KERNEL);
	return storage->cache.pages ? 0 : -ENOMEM;
}

/* In any context but NMI. */
void storage_cache_remember(struct ordeal_storage *storage, struct page *page)
{
	int at;

	page = compound_head(page);
	if (PageSlab(page) || !file_mapping(page))
		return;
	at = atomic_inc_return(&storage->cache.count) - 1;
	if (at >= MOST_PAGES)
		return;
	get_page(page);
	storage->cache.pages[at] = page;
}

static bool drop(struct page *page)
{
	struct address_space *mapping;
	struct inode *inode = NULL;
	pgoff_t first = 0;
	unsigned long count = 0;
	int error;

	/* While it is locked, it stays where it is in its file. */
	lock_cached(page);
	mapping = file_mapping(page);
	if (mapping) {
		inode = igrab(mapping->host);
		first = index_of(page);
		count = count_of(page);
	}
	unlock_cached(page);
	put_page(page);
	if (!mapping)
		return true;
	if (!inode)
		return false;
	error = invalidate_inode_pages2_range(mapping, first, first + count - 1);
	iput(inode);
	return error == 0;
}

void storage_cache_drop(struct ordeal_storage *storage)
{
	struct storage_cache *cache = &storage->cache;
	int count = atomic_read(&cache->count);
	int at;

	if (!cache->pages)
		return;
	for (at = 0; at < min(count, MOST_PAGES); at++) {
		bool dropped = drop(cache->pages[at]);

		cache->dropped += dropped;
		cache->kept += !dropped;
	}
	cache->kept += max(count - MOST_PAGES, 0);
	kvfree(cache->pages);
	cache->pages = NULL;
}

// SPDX-License-Identifier: GPL-2.0-only
/* What can be written of memory that is to be changed, and which of it makes no sense together. */
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "memory.h"

static const char *const places[] = { "register", "address", "random", NULL };
static const char *const changes[] = { "random", "flip", "set", NULL };
const char *const memory_mapping_words[] = { "anon", "heap", "stack", "file", "shared", NULL };

ORDEAL_WORD_AT(memory_, at, memory_of(fault)->corrupt.at, places, 1);
ORDEAL_WORD_ATTRIBUTE(memory_, memory_fault, change, corrupt.change, changes);
ORDEAL_HEX_AT(memory_, address, "an address", memory_of(fault)->corrupt.address, U64_MAX);
ORDEAL_U64_ATTRIBUTE(memory_, memory_fault, bytes, corrupt.bytes, 1, MEMORY_MOST_BYTES);
ORDEAL_U64_ATTRIBUTE(memory_, memory_fault, bits, corrupt.bits, 1, MEMORY_MOST_BITS);
ORDEAL_HEX_AT(memory_, bit_mask, "a mask", memory_of(fault)->corrupt.bit_mask, U8_MAX);
ORDEAL_U64_ATTRIBUTE(memory_, memory_fault, value, corrupt.value, 0, U8_MAX);

static ssize_t memory_registers_show(struct config_item *item, char *page)
{
	return ordeal_show_registers(memory_of(ordeal_fault_of(item))->corrupt.registers, page);
}

static ssize_t memory_registers_store(struct config_item *item, const char *page, size_t count)
{
	struct ordeal_fault *fault = ordeal_fault_of(item);
	int error = ordeal_begin_change(fault, "registers");

	if (error)
		return error;
	error = ordeal_parse_registers(fault, page, &memory_of(fault)->corrupt.registers);
	ordeal_end_change(fault);
	return error ? error : count;
}
CONFIGFS_ATTR(memory_, registers);

static ssize_t memory_mappings_show(struct config_item *item, char *page)
{
	u32 mappings = memory_of(ordeal_fault_of(item))->corrupt.mappings;
	int kind, at = 0;

	for (kind = 0; kind < MEMORY_MAPPINGS; kind++)
		if (mappings & BIT(kind))
			at += sprintf(page + at, "%s%s", at ? " " : "", memory_mapping_words[kind]);
	return at + sprintf(page + at, "\n");
}

static int parse_mappings(struct ordeal_fault *fault, char *text, u32 *mappings)
{
	char *word;

	*mappings = 0;
	while ((word = strsep(&text, " "))) {
		int kind = ordeal_parse_word(fault, "mappings", word, memory_mapping_words);

		if (kind < 0)
			return kind;
		*mappings |= BIT(kind);
	}
	return 0;
}

static ssize_t memory_mappings_store(struct config_item *item, const char *page, size_t count)
{
	struct ordeal_fault *fault = ordeal_fault_of(item);
	int error = ordeal_begin_change(fault, "mappings");
	char text[64];
	u32 mappings;

	if (error)
		return error;
	strscpy(text, skip_spaces(page), sizeof(text));
	error = parse_mappings(fault, strim(text), &mappings);
	if (!error)
		memory_of(fault)->corrupt.mappings = mappings;
	ordeal_end_change(fault);
	return error ? error : count;
}
CONFIGFS_ATTR(memory_, mappings);

struct configfs_attribute *memory_corrupt_attributes[] = {
	&memory_attr_at,   &memory_attr_registers, &memory_attr_address,  &memory_attr_mappings, &memory_attr_bytes,
	&memory_attr_bits, &memory_attr_change,	   &memory_attr_bit_mask, &memory_attr_value,	 NULL,
};

int memory_refuse_corrupt(struct memory_fault *memory)
{
	const struct memory_corrupt *own = &memory->corrupt;
	u64 most = own->bytes * hweight8(own->bit_mask);
	int error = ordeal_refuse_scope(&memory->fault, true);

	if (!error)
		error = ordeal_refuse_trigger(&memory->fault);
	if (error)
		return error;
	/* It may be one that holds what is needed to let go of the mappings. */
	if (memory->tasks.trigger.kind == ORDEAL_FUNCTION)
		return ordeal_refuse(&memory->fault, -EINVAL,
				     "trigger: memory is met by: timer syscall address instructions; found function");
	if (own->at == MEMORY_NOWHERE)
		return ordeal_refuse(&memory->fault, -EINVAL, "at: is not given; one of: register address random");
	if (own->at == MEMORY_AT_ADDRESS && !own->address)
		return ordeal_refuse(&memory->fault, -EINVAL, "address: is not given; a number that begins with 0x");
	if (own->change == MEMORY_FLIP && own->bits > most)
		return ordeal_refuse(&memory->fault, -EINVAL, "bits: %llu are more than the %llu of bit_mask in %llu bytes",
				     own->bits, most, own->bytes);
	return 0;
}

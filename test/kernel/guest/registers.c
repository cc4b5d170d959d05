// SPDX-License-Identifier: Apache-2.0
/*
 * A program that knows what is in its registers. It fills them, does one thing, and says which of them are other than they were and in
 * which bits: "registers nop", or until a file is there "registers spin <file>" and "registers syscall <file>"; "registers spot" says where in
 * its own file the nop is.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A page at an address that instructions can name without a register, above where a heap may begin: anywhere in the first gigabyte. */
#define PAGE 0x50000000
#define REGISTERS 17

struct page {
	uint64_t stop;
	uint64_t unused;
	uint64_t saved_sp;	/* at 0x10 */
	uint64_t filler[29];
	uint64_t in[32];	/* at 0x100 */
	uint64_t out[32];	/* at 0x200 */
};

static struct page *const page = (struct page *)PAGE;
static const char *const names[REGISTERS] = { "ax", "bx", "cx", "dx", "si", "di", "bp", "r8", "r9", "r10", "r11",
					      "r12", "r13", "r14", "r15", "sp", "flags" };

void meet_nop(void);
void meet_spin(void);
void meet_syscall(void);
extern const char spot[], __executable_start[];

#define EACH(MOVE)                                                                                                  \
	MOVE("rax", 0) MOVE("rbx", 8) MOVE("rcx", 16) MOVE("rdx", 24) MOVE("rsi", 32) MOVE("rdi", 40) MOVE("rbp", 48) \
	MOVE("r8", 56) MOVE("r9", 64) MOVE("r10", 72) MOVE("r11", 80) MOVE("r12", 88) MOVE("r13", 96)                \
	MOVE("r14", 104) MOVE("r15", 112)
#define FILL(name, at) "mov 0x50000100+" #at ", %" name "\n"
#define KEEP(name, at) "mov %" name ", 0x50000200+" #at "\n"

/* Moves change no flags and need no stack, so that these can be looked at, too. */
#define MEET(name, does)                                                                                     \
	asm(".globl " #name "\n" #name ":\n"                                                                  \
	    "push %rbx\npush %rbp\npush %r12\npush %r13\npush %r14\npush %r15\n"                              \
	    "mov %rsp, 0x50000010\nmov %rsp, 0x50000100+120\n"                                                \
	    "push 0x50000100+128\npopfq\n" EACH(FILL) does EACH(KEEP)                                         \
	    "mov %rsp, 0x50000200+120\nmov 0x50000010, %rsp\npushfq\npop 0x50000200+128\n"                    \
	    "pop %r15\npop %r14\npop %r13\npop %r12\npop %rbp\npop %rbx\nret\n")

MEET(meet_nop, ".globl spot\nspot:\nnop\n");
MEET(meet_spin, "1: cmpq $0, 0x50000000\nje 1b\n");
MEET(meet_syscall, "1: mov $39, %eax\nsyscall\ncmpq $0, 0x50000000\nje 1b\n");

static void fill(void)
{
	int number;

	for (number = 0; number < REGISTERS; number++)
		page->in[number] = 0x0123456789abcdefull * (number + 1);
	page->in[16] = 0x202;
}

/* `ignored`: a bit for each register that the way of meeting it changes. */
static int report(unsigned int ignored)
{
	int number, wrong = 0;

	for (number = 0; number < REGISTERS; number++) {
		uint64_t changed = page->in[number] ^ page->out[number];

		if ((ignored >> number & 1) || !changed)
			continue;
		printf("%s 0x%016llx\n", names[number], (unsigned long long)changed);
		wrong++;
	}
	if (!wrong)
		puts("right");
	return 0;
}

/* By another process, so that this one does nothing else. */
static void stop_by(const char *file)
{
	if (fork() != 0)
		return;
	while (access(file, F_OK) != 0)
		usleep(10000);
	page->stop = 1;
	_exit(0);
}

int main(int count, char **arguments)
{
	const char *what = count > 1 ? arguments[1] : "";
	const char *file = count > 2 ? arguments[2] : "/";

	if (mmap((void *)PAGE, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != (void *)PAGE)
		return 2;
	fill();
	if (strcmp(what, "spot") == 0) {
		printf("%ld\n", (long)(spot - __executable_start));
		return 0;
	}
	if (strcmp(what, "nop") == 0) {
		meet_nop();
		return report(0);
	}
	if (strcmp(what, "spin") == 0) {
		stop_by(file);
		meet_spin();
		return report(1 << 16);
	}
	if (strcmp(what, "syscall") == 0) {
		stop_by(file);
		meet_syscall();
		return report(1 << 0 | 1 << 2 | 1 << 10 | 1 << 16);
	}
	return 2;
}

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The functions behind which everything is that a fault does, and what they answer instead. */
const emptied = [
  {
    file: 'net/passage.c',
    head: 'bool net_port_touches(struct net_port *port, enum net_way way)',
    answer: 'return false;',
  },
  {
    file: 'storage/command.c',
    head: 'static bool swallows(struct ordeal_storage *storage, struct passage *passage)',
    answer: 'return false;',
  },
  {
    file: 'storage/read.c',
    head: 'void storage_read_done(struct request *rq, unsigned int bytes)',
    answer: 'return;',
  },
  {
    file: 'cpu/hog.c',
    head: 'static void burn_until(struct ordeal_fault *fault, u64 ns)',
    answer: 'return;',
  },
  {
    file: 'cpu/off.c',
    head: 'static void take(struct cpu_fault *cpu, unsigned int number)',
    answer: 'return;',
  },
  {
    file: 'tasks/trigger.c',
    head: 'void ordeal_trigger_meets(struct ordeal_tasks *tasks, struct pt_regs *regs)',
    answer: 'return;',
  },
  {
    file: 'memory/hog.c',
    head: 'static bool take_pages(struct memory_fault *memory, u64 count)',
    answer: 'return false;',
  },
  {
    file: 'memory/enomem.c',
    head: 'static bool is_refused(struct memory_fault *memory)',
    answer: 'return false;',
  },
  {
    file: 'cpu/panic.c',
    head: 'void cpu_panic_opened(struct cpu_fault *cpu)',
    answer: 'return;',
  },
];

/** Of the sources of the modules, each hook without its body. */
export async function emptyHooks(sources: string): Promise<void> {
  for (const { file, head, answer } of emptied) {
    const path = join(sources, file);
    const whole = await readFile(path, 'utf8');
    const body = `${head}\n{\n`;
    if (!whole.includes(body)) throw new Error(`${file} has no function "${head}": say here where it is now`);
    await writeFile(path, whole.replace(body, `${body}\t${answer}\n`));
  }
}

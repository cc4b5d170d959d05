import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AgentBed } from './agent-bed.ts';
import { GuestRegisters } from './guest-registers.ts';
import { asContainer } from './guest-scope.ts';

const faults = '/sys/kernel/config/ordeal/cpu';
const host = 'host/nfvi-1';
const general = 'ax bx cx dx si di bp r8 r9 r10 r11 r12 r13 r14 r15 sp'.split(' ');
const ends = '0x8000000000000001';
/** A flag for decimal numbers, at which no program of this kind looks. */
const harmless = { registers: ['flags'], bitMask: '0x10' };
const nop = `${GuestRegisters.path} nop`;

describe('what leads to flips in registers, through the agent as it is delivered', () => {
  let bed: AgentBed;
  let program: GuestRegisters;
  let atSpot: Readonly<Record<string, unknown>>;

  before(async () => {
    bed = await AgentBed.start({ cpus: 2 });
    program = await GuestRegisters.bring(bed.machine);
    await bed.machine.demand('echo 0 > /proc/sys/debug/exception-trace');
    atSpot = { trigger: 'address', file: GuestRegisters.path, offset: program.spot, times: 0 };
  });
  after(async () => {
    await bed.end();
  });

  async function flipping<Answer>(
    parameters: Readonly<Record<string, unknown>>,
    work: () => Promise<Answer>,
    more: readonly string[] = [],
  ): Promise<{ readonly answer: Answer; readonly count: number | undefined; readonly remark: string }> {
    const id = await bed.inject({ cell: 'physical.cpu.corruption', target: host, parameters, more });
    const answer = await work();
    const { effects } = await bed.stop(id);
    assert.equal(await bed.machine.demand(`ls ${faults}`), '');
    assert.equal((await bed.machine.demand(nop)).trim(), 'right', 'nothing is flipped afterwards');
    return { answer, count: effects?.count, remark: effects?.remark ?? '' };
  }

  /** What the program says that was flipped, each time that it executes the instruction at the spot. */
  async function runs(count: number): Promise<string[]> {
    const said = await bed.machine.demand(`for run in $(seq ${count}); do ${nop}; done`);
    return said.trim().split('\n');
  }

  test('bit 63 and bit 0 of every general register are reached, by an instruction of a file', async () => {
    const parameters = { ...atSpot, registers: general, bitMask: ends, bits: 2 };
    const { answer, count } = await flipping(parameters, async () => await runs(200));
    const found = new Set(answer);
    assert.deepEqual([...found].sort(), general.map((register) => `${register} ${ends}`).sort());
    assert.equal(count, answer.length);
  });

  test('of the flags those are reached that belong to programs, from bit 0 on', async () => {
    const { answer } = await flipping(
      { ...atSpot, registers: ['flags'], bits: 6 },
      async () => await runs(1),
    );
    assert.deepEqual(answer, ['flags 0x00000000000008d5']);
  });

  test('bit 63 and bit 0 of the instruction pointer are reached, by an interrupt, and kill its program', async () => {
    await bed.machine.demand('cp /usr/bin/perl /root/victim');
    const ended = bed.machine.run(['/root/victim', '-e', '1 while 1']);
    ended.catch(() => undefined);
    await bed.machine.demand('until pgrep -x victim; do sleep 0.1; done');
    const parameters = { every: '2ms', registers: ['ip'], bitMask: ends, bits: 2, process: 'victim' };
    const { answer, count, remark } = await flipping(parameters, async () => (await ended).code);
    assert.equal(answer, 128 + 11);
    assert.equal(count, 1);
    const [, before = '0', after = '0'] = /ip (0x[0-9a-f]+) -> (0x[0-9a-f]+)/.exec(remark) ?? [];
    assert.equal(BigInt(before) ^ BigInt(after), BigInt(ends));
  });

  test('the same seed flips the same bits in the same order, another one others', async () => {
    const parameters = { ...atSpot, registers: general };
    const of = async (seed: string) =>
      (await flipping(parameters, async () => await runs(12), ['--seed', seed])).answer;
    const first = await of('7');
    assert.equal(first.length, 12);
    assert.ok(!first.includes('right'));
    assert.deepEqual(await of('7'), first);
    assert.notDeepEqual(await of('8'), first);
  });

  test('a function of the kernel that serves a program of a container reaches it, and none beside the container', async () => {
    const victim = await program.start('syscall', asContainer('victim'));
    const neighbour = await program.start('syscall');
    await bed.knows('container', 'machine-victim.scope');
    const cell = 'virtual.cpu.corruption';
    const called = { trigger: 'function', function: '__x64_sys_getpid' };
    const parameters = { ...called, registers: ['r14'], times: 1 };
    const id = await bed.inject({ cell, target: 'container/machine-victim.scope', parameters });
    await bed.machine.demand(`until grep -q '^effects: 1$' ${faults}/*/status; do sleep 0.1; done`);
    assert.equal((await bed.stop(id)).effects?.count, 1);
    assert.deepEqual(Object.keys(await victim.changes()), ['r14']);
    assert.deepEqual(await neighbour.changes(), {});
  });

  test('a register of the kernel itself is flipped where that is asked for, and only for the process that is meant', async () => {
    await bed.machine.demand('cp /usr/bin/perl /root/asks');
    // The kernel looks for process 0 then, which is none.
    const asks = `-e 'select undef, undef, undef, 0.05 until -e "/root/asks.go"; print getpgrp 1'`;
    const answer = bed.machine.demand(`/root/asks ${asks}`);
    const beside = bed.machine.demand(`perl ${asks}`);
    await bed.machine.demand('until pgrep -x asks; do sleep 0.1; done');
    const called = { trigger: 'function', function: 'find_task_by_vpid', context: 'kernel' };
    const parameters = { ...called, registers: ['di'], bitMask: '0x1', times: 0, process: 'asks' };
    const work = async (): Promise<[string, string]> => {
      await bed.machine.demand('touch /root/asks.go');
      return [await answer, await beside];
    };
    assert.deepEqual((await flipping(parameters, work)).answer, ['-1', '1']);
  });

  test('so many instructions lead to a flip, where the machine counts them; where not, it says so', async () => {
    const counted = { trigger: 'instructions', instructions: 1_000_000, times: 1 };
    const parameters = JSON.stringify({ ...counted, ...harmless });
    const where = ['--host', 'nfvi-1', '--target', host, '--for', '10s', '--with', parameters];
    const hasCounter = (await bed.machine.run('test -e /sys/bus/event_source/devices/cpu')).code === 0;
    const { code, stdout, stderr } = await bed.ordeal('inject', 'physical.cpu.corruption', ...where);
    assert.equal(code === 0, hasCounter);
    if (!hasCounter) assert.match(stdout + stderr, /this machine has no counter of instructions/);
    await bed.machine.demand(`until [ -z "$(ls ${faults})" ]; do sleep 0.2; done`);
  });
});

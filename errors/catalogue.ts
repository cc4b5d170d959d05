/**
 * Every error that a user can meet: its code, the gRPC status that carries it, the exit code of a command that meets it (2: wrong use or
 * input, nothing was started; 3: what was begun could not be completed), and what to do about it.
 */
export const catalogue = {
  INVALID_INPUT: {
    status: 'INVALID_ARGUMENT',
    exit: 2,
    remedy: 'Correct the place named in the message and try again.',
  },
  NOT_FOUND: {
    status: 'NOT_FOUND',
    exit: 2,
    remedy: 'List what exists (campaign list, hosts, injections) and use an id from there.',
  },
  ALREADY_EXISTS: { status: 'ALREADY_EXISTS', exit: 2, remedy: 'Use the one that exists, or end it first.' },
  NO_TARGET: {
    status: 'FAILED_PRECONDITION',
    exit: 2,
    remedy: 'Compare the selector with `ordeal hosts`; an empty selection is never widened.',
  },
  UNSUPPORTED: {
    status: 'FAILED_PRECONDITION',
    exit: 2,
    remedy: '`ordeal faults` shows what each host can do, and what would make the rest possible.',
  },
  PROTECTED_TARGET: {
    status: 'PERMISSION_DENIED',
    exit: 2,
    remedy: 'Choose another target: `ordeal hosts` says of each that is protected why it is.',
  },
  DIRTY_HOST: {
    status: 'FAILED_PRECONDITION',
    exit: 3,
    remedy:
      'Look at what was left with `ordeal injections`, end it with `ordeal stop --all`, then try again.',
  },
  NOT_ALLOWED: {
    status: 'PERMISSION_DENIED',
    exit: 2,
    remedy: 'Use a certificate of a role that may do this; the message says which may.',
  },
  LEASE_EXPIRED: {
    status: 'ABORTED',
    exit: 3,
    remedy: 'The host was cut off from its controller; mend the connection and try again.',
  },
  APPLY_FAILED: {
    status: 'INTERNAL',
    exit: 3,
    remedy: 'The fault was reverted; the message says what the kernel answered.',
  },
  REVERT_FAILED: {
    status: 'INTERNAL',
    exit: 3,
    remedy: 'Something of Ordeal is still on the host: the message says what; `ordeal stop` tries again.',
  },
  HOST_LOST: {
    status: 'UNAVAILABLE',
    exit: 3,
    remedy: 'Start the agent of that host again, or mend its network.',
  },
  MACHINE_DIED: {
    status: 'UNAVAILABLE',
    exit: 3,
    remedy: 'Read its console to the end, then start it again with `ordeal lab up`.',
  },
  STILL_RUNNING: {
    status: 'FAILED_PRECONDITION',
    exit: 2,
    remedy: 'End what runs first: `ordeal lab down` ends the machines of a lab.',
  },
  NOT_RUNNING: {
    status: 'UNAVAILABLE',
    exit: 2,
    remedy: 'Start Ordeal with `ordeal up`, or name the address of a running one.',
  },
  PORT_TAKEN: {
    status: 'FAILED_PRECONDITION',
    exit: 2,
    remedy: 'End the process that listens there, or choose another port.',
  },
  MISSING_PROGRAM: {
    status: 'FAILED_PRECONDITION',
    exit: 2,
    remedy:
      'Install it on that host; in a clone of Ordeal `sudo deploy/setup.sh` installs all that Ordeal needs.',
  },
  NEEDS_ROOT: { status: 'PERMISSION_DENIED', exit: 2, remedy: 'Run the same command as root (sudo).' },
  COMMAND_FAILED: {
    status: 'INTERNAL',
    exit: 3,
    remedy: 'The output of the command is in the message; run it by hand to see more.',
  },
  STORE_UNAVAILABLE: {
    status: 'UNAVAILABLE',
    exit: 3,
    remedy: 'Look at the nats-server and its disk; what was recorded meanwhile waits in the spools.',
  },
  DEPOSED: {
    status: 'ABORTED',
    exit: 3,
    remedy: 'The controller that is named in the message goes on with the campaigns: ask that one.',
  },
  DAMAGED_RUN: {
    status: 'DATA_LOSS',
    exit: 2,
    remedy: 'The saved run cannot be measured as it is; copy it again from where it was made.',
  },
  ABORTED: {
    status: 'ABORTED',
    exit: 3,
    remedy: 'Run the campaign again when the reason in the message is gone.',
  },
  INTERNAL: {
    status: 'INTERNAL',
    exit: 3,
    remedy: 'This is a defect of Ordeal; please report it with the log around it.',
  },
} as const;

export type ErrorCode = keyof typeof catalogue;

import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { MachineFiles, socketPath } from '../machine/machine-files.ts';

/** So short that the sockets below it have room, and without what a path could be led astray by. */
const nameForm = /^[a-z0-9][a-z0-9-]{0,30}$/;

/** Where one lab keeps what it is. */
export class LabFiles {
  readonly name: string;
  readonly directory: string;

  constructor(name: string, directory: string) {
    this.name = name;
    this.directory = directory;
  }

  /** The lab of a name of this user. */
  static named(name: string): LabFiles {
    if (!nameForm.test(name)) {
      throw new OrdealError(
        'INVALID_INPUT',
        `"${name}" cannot be the name of a lab: it has to be lower case letters, digits and dashes, 31 at most`,
      );
    }
    const states = process.env.XDG_STATE_HOME ?? join(homedir(), '.local', 'state');
    const labs = process.env.ORDEAL_LAB_STATE ?? join(states, 'ordeal', 'lab');
    return new LabFiles(name, join(resolve(labs), name));
  }

  get record(): string {
    return join(this.directory, 'lab.json');
  }

  get switch() {
    return {
      socket: socketPath(join(this.directory, 'switch.sock')),
      frames: socketPath(join(this.directory, 'frames.sock')),
      process: join(this.directory, 'switch.json'),
      log: join(this.directory, 'switch.log'),
    };
  }

  get snapshots(): string {
    return join(this.directory, 'snapshots');
  }

  machine(name: string): MachineFiles {
    return new MachineFiles(join(this.directory, name));
  }
}

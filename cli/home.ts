import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { OrdealError } from '../errors/ordeal-error.ts';

const endpointsSchema = z.strictObject({
  control: z.string(),
  metrics: z.string(),
  nats: z.string(),
  /** Where each process that this machine reaches serves /metrics and /healthz. */
  status: z.record(z.string(), z.string()),
  /** The process of `ordeal up`. */
  pid: z.int(),
});

export type Endpoints = z.infer<typeof endpointsSchema>;

/** The folder that holds what one Ordeal on this machine keeps: certificates, NATS's store, journals and spools, where to reach it. */
export class Home {
  readonly directory: string;

  constructor(directory: string = process.env.ORDEAL_HOME ?? '.ordeal') {
    this.directory = resolve(directory);
  }

  get certificates(): string {
    return join(this.directory, 'certificates');
  }

  /** A folder for the state of one process. */
  state(name: string): string {
    const directory = join(this.directory, name);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return directory;
  }

  endpoints(): Endpoints {
    if (!existsSync(this.endpointsFile)) {
      throw new OrdealError(
        'NOT_RUNNING',
        `no Ordeal runs from ${this.directory}: there is no endpoints.json in it`,
        {
          remedy: 'Start it with `ordeal up`, or set ORDEAL_HOME to the folder of one that runs.',
        },
      );
    }
    return endpointsSchema.parse(JSON.parse(readFileSync(this.endpointsFile, 'utf8')));
  }

  saveEndpoints(endpoints: Endpoints): void {
    writeFileSync(this.endpointsFile, `${JSON.stringify(endpoints, undefined, 2)}\n`);
  }

  forgetEndpoints(): void {
    rmSync(this.endpointsFile, { force: true });
  }

  get endpointsFile(): string {
    return join(this.directory, 'endpoints.json');
  }
}

import type { ServerUnaryCall, ServerWritableStream, sendUnaryData } from '@grpc/grpc-js';
import { once } from 'node:events';
import { createReadStream, existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { nameSchema } from '../../events/name.ts';
import type { Chunk } from '../../proto/generated/ordeal/v1/Chunk.ts';
import type { ListRunsRequest__Output } from '../../proto/generated/ordeal/v1/ListRunsRequest.ts';
import type { ListRunsResponse } from '../../proto/generated/ordeal/v1/ListRunsResponse.ts';
import type { MetricsServiceHandlers } from '../../proto/generated/ordeal/v1/MetricsService.ts';
import type { RunPart } from '../../proto/generated/ordeal/v1/RunPart.ts';
import type { RunRequest__Output } from '../../proto/generated/ordeal/v1/RunRequest.ts';
import { requireRole, type AuthenticatedCall } from '../../service/credentials.ts';
import { toStatus } from '../../service/grpc-errors.ts';
import { SavedRun } from '../run/saved-run.ts';
import { summarize } from '../run/summary.ts';

/** Far below the 4 MiB at which gRPC refuses a message. */
const chunkBytes = 256 * 1024;

/** The gRPC API over the folder of saved runs. */
export function metricsApi(runs: string): MetricsServiceHandlers {
  return {
    ListRuns: (
      call: ServerUnaryCall<ListRunsRequest__Output, ListRunsResponse>,
      callback: sendUnaryData<ListRunsResponse>,
    ) => {
      void answer(call, callback, async () => ({ runs: await listRuns(runs) }));
    },
    GetMeasures: (call) => {
      void stream(call, async (run) => await sendFile(call, run.measuresFile, (data): Chunk => ({ data })));
    },
    GetReport: (call) => {
      void stream(call, async (run) => await sendFile(call, run.reportFile, (data): Chunk => ({ data })));
    },
    ExportRun: (call) => {
      void stream(call, async (run) => {
        for (const file of await filesOf(run.directory)) {
          let path = relative(run.directory, file);
          await sendFile(call, file, (data): RunPart => {
            const part = { path, data };
            path = '';
            return part;
          });
        }
      });
    },
  };

  async function stream<Part>(
    call: ServerWritableStream<RunRequest__Output, Part>,
    send: (run: SavedRun) => Promise<void>,
  ): Promise<void> {
    try {
      admit(call);
      await send(runOf(runs, call.request.campaign));
      call.end();
    } catch (error) {
      call.emit('error', toStatus(error));
    }
  }
}

async function answer<Answer>(
  call: AuthenticatedCall,
  callback: sendUnaryData<Answer>,
  work: () => Promise<Answer>,
): Promise<void> {
  try {
    admit(call);
    callback(null, await work());
  } catch (error) {
    callback(toStatus(error));
  }
}

function admit(call: AuthenticatedCall): void {
  requireRole(call, 'operator', 'controller');
}

/** The name is one path segment, so no request leads out of the folder. */
function runOf(runs: string, campaign: string): SavedRun {
  const directory = join(runs, campaign);
  if (!nameSchema.safeParse(campaign).success || !existsSync(directory)) {
    throw new OrdealError('NOT_FOUND', `there is no saved run of a campaign "${campaign}"`);
  }
  return new SavedRun(directory);
}

async function listRuns(runs: string): Promise<NonNullable<ListRunsResponse['runs']>> {
  const names = (await readdir(runs)).filter((name) => nameSchema.safeParse(name).success).sort();
  return await Promise.all(names.map(async (name) => await summarize(new SavedRun(join(runs, name)))));
}

async function filesOf(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

async function sendFile<Part>(
  call: ServerWritableStream<RunRequest__Output, Part>,
  file: string,
  partOf: (data: Buffer) => Part,
): Promise<void> {
  if (!existsSync(file)) {
    throw new OrdealError(
      'NOT_FOUND',
      `the campaign ${call.request.campaign} has no ${relative(join(file, '..'), file)} yet`,
      {
        remedy: 'Wait for its end: `ordeal campaign watch`.',
      },
    );
  }
  const gone = new AbortController();
  call.once('cancelled', () => gone.abort());
  const chunks: AsyncIterable<Buffer> = createReadStream(file, { highWaterMark: chunkBytes });
  let isEmpty = true;
  for await (const data of chunks) {
    isEmpty = false;
    if (call.cancelled) return;
    if (!call.write(partOf(data))) await once(call, 'drain', { signal: gone.signal });
  }
  // An empty file is a file too.
  if (isEmpty) call.write(partOf(Buffer.alloc(0)));
}

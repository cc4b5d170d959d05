import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { OrdealError } from '../errors/ordeal-error.ts';

/** The same as the options of package.json's build:proto, whose types describe what is loaded here. */
const options = { keepCase: false, longs: Number, enums: String, defaults: true, oneofs: true };

/** Loads a file below proto/, as the `ProtoGrpcType` that build:proto generates for it. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the generated type cannot be inferred from a path
export function loadProto<ProtoGrpcType>(file: string): ProtoGrpcType {
  const definition = loadSync(file, { ...options, includeDirs: [protoDirectory()] });
  return loadPackageDefinition(definition) as unknown as ProtoGrpcType;
}

/** Beside the sources, or beside dist/ where this runs compiled. */
function protoDirectory(): string {
  for (const up of ['..', '../..']) {
    const directory = join(import.meta.dirname, up, 'proto');
    if (existsSync(join(directory, 'ordeal'))) return directory;
  }
  throw new OrdealError('INTERNAL', `there is no proto folder above ${import.meta.dirname}`);
}

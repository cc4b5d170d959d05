import type { handleServerStreamingCall, handleUnaryCall, ServiceDefinition } from '@grpc/grpc-js';
import { OrdealError } from '../errors/ordeal-error.ts';
import { toStatus } from './grpc-errors.ts';
import { loadProto } from './proto.ts';

interface Question {
  readonly service: string;
}
interface Answer {
  readonly status: 'SERVING' | 'NOT_SERVING' | 'SERVICE_UNKNOWN';
}
interface HealthProto {
  readonly grpc: {
    readonly health: { readonly v1: { readonly Health: { readonly service: ServiceDefinition } } };
  };
}
type Watcher = Parameters<handleServerStreamingCall<Question, Answer>>[0];

/** The standard gRPC health service for all services of one server, which serve together or not at all. */
export class Health {
  readonly definition = loadProto<HealthProto>('grpc/health/v1/health.proto').grpc.health.v1.Health.service;
  readonly #services: ReadonlySet<string>;
  readonly #watchers = new Set<Watcher>();
  #serving = true;

  constructor(services: readonly string[]) {
    this.#services = new Set(['', ...services]);
  }

  get handlers(): {
    check: handleUnaryCall<Question, Answer>;
    watch: handleServerStreamingCall<Question, Answer>;
  } {
    return {
      check: (call, answer) => {
        const { service } = call.request;
        if (this.#services.has(service)) answer(null, { status: this.#status });
        else answer(toStatus(new OrdealError('NOT_FOUND', `this server has no service "${service}"`)));
      },
      watch: (call) => {
        const isKnown = this.#services.has(call.request.service);
        call.write({ status: isKnown ? this.#status : 'SERVICE_UNKNOWN' });
        if (!isKnown) return;
        this.#watchers.add(call);
        call.on('cancelled', () => {
          this.#watchers.delete(call);
          call.end();
        });
      },
    };
  }

  setServing(serving: boolean): void {
    if (serving === this.#serving) return;
    this.#serving = serving;
    for (const watcher of this.#watchers) watcher.write({ status: this.#status });
  }

  get #status(): 'SERVING' | 'NOT_SERVING' {
    return this.#serving ? 'SERVING' : 'NOT_SERVING';
  }
}

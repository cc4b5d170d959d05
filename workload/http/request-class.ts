import type { RequestOptions } from 'node:http';
import type { Expectation, HttpOptions } from './options.ts';

/** One kind of request, ready to send. */
export interface RequestClass {
  readonly name: string;
  readonly weight: number;
  readonly send: RequestOptions;
  readonly body?: string;
  readonly expect: Expectation;
}

/** Without classes there is one, named after the method and the path. */
export function requestClasses(options: HttpOptions): RequestClass[] {
  const url = new URL(options.url);
  const path = url.pathname + url.search;
  const kinds = options.classes ?? [{ name: `${options.method} ${path}`, path, weight: 1 }];
  return kinds.map((kind) => {
    const body = kind.body ?? options.body;
    return {
      name: kind.name,
      weight: kind.weight,
      expect: kind.expect ?? options.expect,
      ...(body === undefined ? {} : { body }),
      send: {
        // An IPv6 address stands in brackets in a URL, and without them in a connection.
        host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
        port: url.port === '' ? 80 : Number(url.port),
        path: kind.path,
        method: kind.method ?? options.method,
        headers: {
          ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
          ...options.headers,
          ...kind.headers,
        },
      },
    };
  });
}

/** The host of "host:port", "[::1]:port" or "tls://host:port". */
export function hostOf(address: string): string {
  const [, host = address] = /^(?:[a-z]+:\/\/)?(.+?)(?::\d+)?$/.exec(address.trim()) ?? [];
  return host.replace(/^\[|\]$/g, '');
}

/** What came back, untouched: the bytes of the body are the bytes that were signed. */
export interface Reply {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

/** @returns undefined for what is no response of axios with the bytes of a body: interceptors of an app return anything */
export function replyOf(response: unknown): Reply | undefined {
  const { status, headers, data } = (response ?? {}) as Readonly<Record<string, unknown>>;
  const body = bytesOf(data);
  if (typeof status !== 'number' || typeof headers !== 'object' || body === undefined) return undefined;
  return { status, headers: lowerCased(headers ?? {}), body };
}

/** The `arraybuffer` of an axios adapter is a Buffer in one adapter and an ArrayBuffer in another, and may be absent. */
function bytesOf(data: unknown): Buffer | undefined {
  if (Buffer.isBuffer(data)) return data;
  if (data instanceof ArrayBuffer) return Buffer.from(data);
  return data ? undefined : Buffer.alloc(0);
}

function lowerCased(headers: object): Map<string, string> {
  return new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

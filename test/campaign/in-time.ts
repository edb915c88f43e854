/** What a call comes to that does not end. */
export const HANGS = Symbol('hangs');

/** Waits no longer than so many milliseconds. */
export async function inTime<T>(call: Promise<T>, ms: number): Promise<T | typeof HANGS> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<typeof HANGS>((resolve) => (timer = setTimeout(() => resolve(HANGS), ms)));
  try {
    return await Promise.race([call, patience]);
  } finally {
    clearTimeout(timer);
  }
}

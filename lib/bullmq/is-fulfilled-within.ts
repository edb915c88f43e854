/** Tells whether a promise is fulfilled in time. */
export async function isFulfilledWithin(timeoutMs: number, promise: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, false);
  });
  const fulfilled = promise.then(
    () => true,
    () => false,
  );
  return Promise.race([fulfilled, timeout]).finally(() => clearTimeout(timer));
}

/** Waits for work, and calls `report` once if the work takes longer than `afterMs` milliseconds. */
export async function reportIfSlow<T>(afterMs: number, report: () => void, work: Promise<T>): Promise<T> {
  // A handler that hangs when the app is closed must not keep the process from ending.
  const timer = setTimeout(report, afterMs).unref();
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}

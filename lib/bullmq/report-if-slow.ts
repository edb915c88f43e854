/** Waits for work, and calls `report` once if the work takes longer than `afterMs` milliseconds. */
export async function reportIfSlow<T>(afterMs: number, report: () => void, work: Promise<T>): Promise<T> {
  const timer = setTimeout(report, afterMs);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}

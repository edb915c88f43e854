const EVERY_MS = 20;
const MB = 1_048_576;

/** Watches what a task does to the memory of the process, in megabytes over what it had before. */
export function watchMemory(gc) {
  gc();
  const before = process.memoryUsage();
  let peakRss = before.rss;
  const look = () => {
    peakRss = Math.max(peakRss, process.memoryUsage.rss());
  };
  const timer = setInterval(look, EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      look();
      gc();
      const after = process.memoryUsage();
      return {
        peakRssMb: (peakRss - before.rss) / MB,
        rssMb: (after.rss - before.rss) / MB,
        heapMb: (after.heapUsed - before.heapUsed) / MB,
      };
    },
  };
}

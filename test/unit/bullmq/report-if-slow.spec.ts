import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { reportIfSlow } from '../../../lib/bullmq/report-if-slow.js';

describe('reportIfSlow', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('reports work that takes too long, and still returns its result', async () => {
    let finish: (value: string) => void = () => {};
    const work = new Promise<string>((resolve) => (finish = resolve));
    let report = (): void => {};
    const reported = new Promise<void>((resolve) => (report = resolve));

    const result = reportIfSlow(1, report, work);
    jest.advanceTimersByTime(1);
    await reported;
    finish('done');

    await expect(result).resolves.toBe('done');
  });

  it('lets the process end while the work hangs', async () => {
    jest.useRealTimers();
    const countTimers = (): number =>
      process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
    let finish: (value: string) => void = () => {};
    const work = new Promise<string>((resolve) => (finish = resolve));
    const before = countTimers();

    const result = reportIfSlow(60_000, () => {}, work);

    expect(countTimers()).toBe(before);
    finish('done');
    await result;
  });

  it('reports nothing about work that fails in time', async () => {
    const reports: string[] = [];
    const failed = Promise.reject(new Error('Broken.'));

    await expect(reportIfSlow(5, () => reports.push('slow'), failed)).rejects.toThrow('Broken.');
    jest.advanceTimersByTime(5);

    expect(reports).toEqual([]);
  });
});

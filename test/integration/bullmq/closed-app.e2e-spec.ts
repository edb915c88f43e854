import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

it('the process of an app whose Redis was never reachable ends once the app is closed', async () => {
  const app = 'test/support/harness/closed-tracking-app.mjs';

  const { stdout } = await promisify(execFile)(process.execPath, [app], { timeout: 60_000 });

  expect(stdout).toBe('closed\n');
}, 90_000);

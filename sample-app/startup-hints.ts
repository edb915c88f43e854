import type { Settings } from './config/settings.js';
import { demoHints } from './demo/demo-hints.js';

const LOST_SALES =
  'REDIS_URL is set without DATABASE_URL: jobs outlive this process, its sales do not. Another process parks the job of a sale that was paid, because it does not know the sale. Set DATABASE_URL, too.';

/** What the log says once the app listens. */
export function startupHints({ mode, databaseUrl, redisUrl }: Settings, port: number): readonly string[] {
  const url = `http://localhost:${port}`;
  const lines =
    mode === 'demo' ? [...demoHints(url)] : ['Live mode: orders are those of the merchant WXPAY_MCHID.'];
  if (redisUrl !== undefined && databaseUrl === undefined) lines.push(LOST_SALES);
  return [...lines, `OpenAPI page: ${url}/docs`];
}

import type { Settings } from './config/settings.js';
import { demoHints } from './demo/demo-hints.js';

/** What the log says once the app listens. */
export function startupHints({ mode }: Settings, port: number): readonly string[] {
  const url = `http://localhost:${port}`;
  const lines =
    mode === 'demo' ? demoHints(url) : ['Live mode: orders are those of the merchant WXPAY_MCHID.'];
  return [...lines, `OpenAPI page: ${url}/docs`];
}

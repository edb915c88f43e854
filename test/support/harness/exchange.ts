import type { Exchange } from '../../../lib/transport/http/http-client.js';

/** An exchange that is never aborted, and notes whether its request was reported as sent. */
export function exchange(): Exchange & { readonly wasSent: boolean } {
  let wasSent = false;
  const { signal } = new AbortController();
  return {
    signal,
    onAbort: () => undefined,
    sent: () => (wasSent = true),
    get wasSent() {
      return wasSent;
    },
  };
}

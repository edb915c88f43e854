import type { WxPayNotification } from '../domain/notification.js';
import type { Answer, Api } from './answer.js';

/** What is known of a request on the route of notifications, for all who take part in answering it. */
export interface Reception {
  /** Decides in which form WeChat Pay is answered. */
  api: Api;
  /** Once it is verified. */
  notification?: WxPayNotification;
  /** Once it is decided. */
  answer?: Answer;
}

// Beside the request, not on it: apps log requests.
const receptions = new WeakMap<object, Reception>();

/** The reception of a request; a new one at first. */
export function receptionOf(request: object): Reception {
  const known = receptions.get(request);
  if (known !== undefined) return known;
  const reception: Reception = { api: 'v3' };
  receptions.set(request, reception);
  return reception;
}

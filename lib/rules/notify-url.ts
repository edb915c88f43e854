/** Maximum length of the address for payment notifications, in characters. */
export const MAX_NOTIFY_URL = 255;
/** Maximum length of the address for refund notifications, in characters. */
export const MAX_REFUND_NOTIFY_URL = 256;

/** Matches the hostname of a loopback address. */
export const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
/** Printable ASCII without a query and a fragment. */
const PLAIN_URL = /^https?:\/\/[!"$->@-~]+$/;

export interface NotifyUrlRules {
  /** Maximum length in characters. */
  readonly max: number;
  /** Accepts plain http to a loopback address, which only a gateway on this machine can reach; see {@link areLoopback}. */
  readonly isLocalAllowed: boolean;
}

/** Accepts an address that WeChat Pay can send notifications to: https, without user, query and fragment. */
export function isNotifyUrl(value: unknown, { max, isLocalAllowed }: NotifyUrlRules): value is string {
  if (typeof value !== 'string' || value.length > max) return false;
  if (!PLAIN_URL.test(value) || !URL.canParse(value)) return false;
  const { protocol, hostname, username, password } = new URL(value);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (isLocalAllowed && LOOPBACK.test(hostname));
}

/** Tells whether all origins are on this machine: the merchant then uses a mock gateway, not WeChat Pay. */
export function areLoopback(origins: unknown): boolean {
  const isLoopback = (origin: unknown): boolean =>
    typeof origin === 'string' && URL.canParse(origin) && LOOPBACK.test(new URL(origin).hostname);
  return Array.isArray(origins) && origins.length > 0 && origins.every(isLoopback);
}

/** Returns the requirement for such an address; it follows the name of the option, variable or field. */
export function notifyUrlFault(max: number): string {
  return `must be an https address without user, query and fragment, at most ${max} characters of ASCII, such as https://shop.example/wxpay/notifications.`;
}

import { LOOPBACK } from '../rules/notify-url.js';

const OVERSEAS = /^api(hk|us)\d*\.mch\.weixin\.qq\.com$/i;

/** Fault of an overseas host; follows the name of the option or variable. */
export const OVERSEAS_FAULT =
  'must not be a host of overseas merchants (境外商户), such as apihk.mch.weixin.qq.com: their API has other paths and replies, and is not supported.';

/** Accepts `https://host[:port]`, and plain http, which anyone on the way could read, for loopback addresses only. */
export function isSafeOrigin(host: unknown): boolean {
  if (typeof host !== 'string' || !URL.canParse(host)) return false;
  const { protocol, hostname, origin, href } = new URL(host);
  // Equal only if there is no user, path, query or fragment.
  return (
    href === `${origin}/` && (protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname)))
  );
}

/** Tells if a host serves overseas merchants (境外商户). */
export function isOverseas(host: unknown): boolean {
  return typeof host === 'string' && URL.canParse(host) && OVERSEAS.test(new URL(host).hostname);
}

/** Returns the fault of a list of hosts, to follow the name of the option; undefined if there is none or it is left out. */
export function hostsFault(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || value.length === 0) {
    return 'must be a list of origins, such as ["https://api.mch.weixin.qq.com"].';
  }
  if (value.some(isOverseas)) return OVERSEAS_FAULT;
  const wrong = value.findIndex((host) => !isSafeOrigin(host));
  return wrong === -1
    ? undefined
    : `must be origins without a path, https or plain http to a loopback address; number ${wrong + 1} is not.`;
}

/** The host of an origin, with its port unless that is the default one. */
export function addressOf(origin: string): string {
  return new URL(origin).host;
}

/** The different hosts of origins. */
export function addressesOf(origins: readonly string[]): string[] {
  return [...new Set(origins.map(addressOf))];
}

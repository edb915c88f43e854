import type { V2Fields } from '../../v2/xml.js';
import { isReachable } from '../notifications/is-reachable.js';
import { businessRefusal } from './refusal.js';

const FORM = /^https?:\/\/[^\s?#]{1,248}$/;

/**
 * Checks the `notify_url` of an order or a refund, if there is one: https, without a query, at a host that WeChat Pay can reach.
 *
 * @param allowLocal also accepts http and local hosts
 * @throws {V2Refusal} with layer `business`
 */
export function checkNotifyUrl({ notify_url: url }: V2Fields, allowLocal: boolean): void {
  if (url === undefined || (FORM.test(url) && (allowLocal || isReachable(url)))) return;
  throw businessRefusal('PARAM_ERROR', '参数notify_url格式错误');
}

import type { WxPayMerchant } from 'nestjs-wxpay';
import type { MockRequest, MockWxPayGateway } from 'nestjs-wxpay/testing';
import type { History } from './history.js';
import type { Judge } from './judge.js';
import { requestsSince } from './requests-since.js';

/** Where a shop takes or returns money: a merchant, the hosts that it asks, and what is true there. */
export interface Desk {
  readonly merchant: WxPayMerchant;
  readonly gateway: MockWxPayGateway;
  readonly hosts: readonly MockWxPayGateway[];
  readonly history: History;
  readonly judge: Judge;
}

/** The requests of one operation about an order since then, the oldest first. */
export function requestsOf(
  { hosts }: Desk,
  operation: string,
  outTradeNo: string,
  since = 0,
): readonly MockRequest[] {
  return hosts
    .flatMap((host) => requestsSince(host, since))
    .filter((request) => request.operation === operation && request.outTradeNo === outTradeNo)
    .toSorted((a, b) => a.receivedAt.getTime() - b.receivedAt.getTime());
}

/** Whether the merchant's last request of one operation about an order got the true answer, and only that one, from the main host. */
export function wasAnsweredOnce(desk: Desk, operation: string, outTradeNo: string): boolean {
  const requests = requestsOf(desk, operation, outTradeNo);
  return (
    requests.length === 1 &&
    requests.every(({ status, fault }) => status === 200 && fault === undefined) &&
    requests.every((request) => desk.gateway.requests.includes(request))
  );
}

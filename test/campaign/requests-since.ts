import type { MockRequest, MockWxPayGateway } from 'nestjs-wxpay/testing';

/** What arrived since then, the newest first. */
export function requestsSince({ requests }: MockWxPayGateway, since: number): readonly MockRequest[] {
  const startedAt = Math.floor(Date.now() - (performance.now() - since)) - 1;
  const last = requests.findLastIndex(({ receivedAt }) => receivedAt.getTime() < startedAt);
  return requests.slice(last + 1).toReversed();
}

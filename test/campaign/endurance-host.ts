import { parentPort, workerData } from 'node:worker_threads';
import { MockWxPayGateway, type MockWxPayKeysInput } from 'nestjs-wxpay/testing';

// A WeChat Pay on a thread of its own, whose memory is not that of the library: it remembers the nonces of some minutes.
const { keys, outTradeNos } = workerData as {
  readonly keys: MockWxPayKeysInput;
  readonly outTradeNos: readonly string[];
};
const gateway = await MockWxPayGateway.start({ keys, keepRequests: 1 });
for (const [index, outTradeNo] of outTradeNos.entries()) {
  gateway.orders.create({ outTradeNo, amount: { total: 100 } });
  if (index % 2 === 0) gateway.orders.pay(outTradeNo);
}
// A port between threads has no origin.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
parentPort?.postMessage(gateway.url);

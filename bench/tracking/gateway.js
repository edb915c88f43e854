import { MockWxPayGateway } from '../../dist/esm/testing/index.js';

/** The mock gateway with many orders, in a process of its own. One order in three is paid. */
const orders = Number(process.argv[2]);
const gateway = await MockWxPayGateway.start({ keepRequests: 1 });
const createdAt = new Date(Date.now() - 1_800_000);
for (let index = 0; index < orders; index++) {
  const outTradeNo = `B${index}`;
  gateway.orders.create({ outTradeNo, amount: { total: 100 }, createdAt });
  if (index % 3 === 0) gateway.orders.pay(outTradeNo);
}
const { api, mchid, appid, hosts } = gateway.optionsV2();
process.on('disconnect', () => process.exit());
process.send({ merchant: { api, mchid, appid, hosts, key: gateway.keys.apiV2Key } });

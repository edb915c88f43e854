import { MockWxPayGateway } from '../../dist/esm/testing/index.js';

/** The mock gateway that the package ships for tests, in a process of its own. */
const gateway = await MockWxPayGateway.start();
gateway.orders.create({ outTradeNo: 'N0', amount: { total: 1 } });
process.on('disconnect', () => process.exit());
process.send({ url: gateway.url, keys: gateway.keys });

import { sideBySide } from './side-by-side.js';

export const title = 'A query over APIv2, 16 in flight';

export function run({ world }) {
  return sideBySide(world, {
    operation: 'queryV2',
    clients: ['nestjs-wxpay', 'wechatpay-axios-plugin'],
    inFlight: [{ calls: 16 }],
    comparedWith: ['wechatpay-axios-plugin'],
  });
}

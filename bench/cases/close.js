import { sideBySide } from './side-by-side.js';

export const title = 'A close, by calls in flight';

export function run({ world }) {
  return sideBySide(world, {
    operation: 'close',
    clients: ['floor', 'nestjs-wxpay', 'wechatpay-axios-plugin', 'nest-wechat'],
    inFlight: [{ calls: 16 }, { calls: 64 }],
    comparedWith: ['floor'],
  });
}

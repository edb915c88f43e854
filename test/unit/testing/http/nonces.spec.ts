import { describe, expect, it } from '@jest/globals';
import { Nonces } from '../../../../lib/testing/http/nonces.js';

describe('Nonces', () => {
  it('rejects a used nonce until it expires', () => {
    const nonces = new Nonces();

    const fresh = [nonces.use('a', 300, 0), nonces.use('a', 300, 300), nonces.use('a', 900, 301)];

    expect(fresh).toEqual([true, false, true]);
  });

  it('rejects a used nonce that expires after the earlier ones', () => {
    const nonces = new Nonces();
    nonces.use('long', 600, 0);
    nonces.use('short', 300, 0);

    const fresh = [nonces.use('long', 600, 400), nonces.use('short', 700, 400)];

    expect(fresh).toEqual([false, true]);
  });

  it('drops expired nonces', () => {
    const nonces = new Nonces();
    for (let second = 0; second < 1000; second++) nonces.use(`n${second}`, second + 300, second);

    expect(nonces.size).toBe(301);
  });
});

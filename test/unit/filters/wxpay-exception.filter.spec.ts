import { describe, expect, it } from '@jest/globals';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { WxPayConfigError } from '../../../lib/errors/wxpay-config-error.js';
import { WxPayInputError } from '../../../lib/errors/wxpay-input-error.js';
import { WxPayExceptionFilter } from '../../../lib/filters/wxpay-exception.filter.js';

const hostOf = (type: string, args: unknown[]): ExecutionContextHost => {
  const host = new ExecutionContextHost(args);
  host.setType(type);
  return host;
};

describe('WxPayExceptionFilter', () => {
  const error = new WxPayInputError('outTradeNo', 'is missing.');

  it('explains how to register it if it has no HTTP adapter', () => {
    const filter = new WxPayExceptionFilter();

    const act = (): unknown => filter.catch(error, hostOf('http', [{}, {}]));

    expect(act).toThrow(WxPayConfigError);
    expect(act).toThrow('Pass app.get(HttpAdapterHost).httpAdapter to its constructor');
  });

  it('throws the HttpException in unknown contexts', () => {
    const filter = new WxPayExceptionFilter();

    expect(() => filter.catch(error, hostOf('telegram', []))).toThrow('outTradeNo is missing.');
  });

  it('does not throw if a WebSocket client can neither emit nor send', () => {
    const filter = new WxPayExceptionFilter();

    expect(filter.catch(error, hostOf('ws', [{}, 'data']))).toBeUndefined();
  });

  it('sends nothing to a native WebSocket that is not open', () => {
    const sent: unknown[] = [];
    const client = { readyState: 3, send: (message: unknown) => sent.push(message) };

    new WxPayExceptionFilter().catch(error, hostOf('ws', [client, 'data']));

    expect(sent).toEqual([]);
  });
});

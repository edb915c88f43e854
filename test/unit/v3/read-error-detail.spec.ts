import { describe, expect, it } from '@jest/globals';
import { readErrorDetail } from '../../../lib/v3/read-error-detail.js';

describe('readErrorDetail', () => {
  it.each([
    [
      'a number in the path',
      { location: 'uri_template', value: 2 },
      '输入源“/uri_template/out_trade_no”映射到值字段“商户订单号”字符串规则校验失败，字节数 2，小于最小值 6',
      { field: 'out_trade_no', location: 'uri_template' },
    ],
    [
      'a parameter of the query',
      { location: 'query', value: 1 },
      '输入源“/query/limit”映射到数值字段“最大资源条数”规则校验失败，值低于最小值 20',
      { field: 'limit', location: 'query' },
    ],
    [
      'a member deep in the body',
      { location: 'body', value: 0 },
      '输入源“/body/receivers/0/account”映射到值字段“分账接收方帐号”字符串规则校验失败，字符数 0，小于最小值 1',
      { field: '/receivers/0/account', location: 'body' },
    ],
    [
      'a pointer within a longer sentence',
      { location: 'uri_template', value: 'APPLYMENT_20210312080000' },
      '无法将输入源“/uri_template/applyment_id”映射到目标字段“申请单号 ”中，此字段需要一个合法的 64 位无符号整数',
      { field: 'applyment_id', location: 'uri_template' },
    ],
    [
      'no detail at all',
      undefined,
      '输入源“/body/sub_mchid”映射到字段“子商户号/二级商户号”必填性规则校验失败，此字段为必填项',
      { field: '/sub_mchid', location: 'body' },
    ],
    [
      'straight quotes',
      undefined,
      '输入源"/body/mchid"映射到字段"商户号"必填性规则校验失败',
      { field: '/mchid', location: 'body' },
    ],
    [
      'the pointer as the value',
      { location: null, value: ['/body/payer/openid', '/body/appid'] },
      '请求中含有未在API文档中定义的参数',
      { field: '/payer/openid', location: 'body' },
    ],
    [
      'one pointer that is no list',
      { value: '/query/limit' },
      '参数错误',
      { field: 'limit', location: 'query' },
    ],
    [
      'a field of its own',
      { field: '/amount/currency', value: 'XYZ', issue: 'Currency code is invalid', location: 'body' },
      '输入源“/body/mchid”',
      { field: '/amount/currency', issue: 'Currency code is invalid', location: 'body' },
    ],
    [
      'another location than the pointer has',
      { location: 'uri_template', value: '1613370001' },
      '输入源“/body/mchid”映射到字段“商户号”必填性规则校验失败，此字段为必填项',
      { field: '/mchid', location: 'uri_template' },
    ],
  ])('reads the field from %s', (_, detail, text, expected) => {
    expect(readErrorDetail(detail, text)).toEqual(expected);
  });

  it.each([
    ['an address', 'http://shop.example/notify?x=1'],
    ['a path of a shop', '/orders/42'],
    ['a person', ['/body/payer/张三']],
    ['a number', 2],
    ['a list of numbers', [2]],
    ['an empty list', []],
    ['an object', { pointer: '/body/mchid' }],
    ['nothing', null],
  ])('finds no field in a value that is %s', (_, value) => {
    expect(readErrorDetail({ location: 'body', value }, '参数错误')).toEqual({ location: 'body' });
  });

  it('reads an issue that is nested, and the length of the signed message', () => {
    const detail = {
      detail: { issue: 'sign not match' },
      field: 'signature',
      location: 'authorization',
      sign_information: { method: 'GET', sign_message_length: 183, truncated_sign_message: 'GET\n' },
    };

    expect(readErrorDetail(detail, '错误的签名，验签失败')).toEqual({
      field: 'signature',
      issue: 'sign not match',
      location: 'authorization',
      signMessageLength: 183,
    });
  });

  it('prefers the issue that is not nested', () => {
    expect(readErrorDetail({ issue: 'outer', detail: { issue: 'inner' } }, undefined)).toEqual({
      issue: 'outer',
    });
  });

  it.each(['183', -1, 1.5, Number.NaN, null])('refuses %p as the length of the signed message', (length) => {
    expect(readErrorDetail({ sign_information: { sign_message_length: length } }, undefined)).toBeUndefined();
  });

  it.each([undefined, null, 'x', 7, [], {}, { field: '', issue: 5, detail: 'x', sign_information: [] }])(
    'returns undefined for %j',
    (detail) => {
      expect(readErrorDetail(detail, '参数错误')).toBeUndefined();
    },
  );
});

import { HttpService } from '@nestjs/axios';
import { describe, expect, it } from '@jest/globals';
import { httpServiceFault } from '../../../../lib/transport/http/http-service.js';

describe('httpServiceFault', () => {
  it.each([
    ['no client', undefined],
    ['an HttpService', new HttpService()],
  ])('finds no fault in %s', (_, value) => {
    expect(httpServiceFault(value)).toBeUndefined();
  });

  it.each([
    ['null', null],
    ['the axios of an HttpService', new HttpService().axiosRef],
    ['a module', { axiosRef: {} }],
    ['text', 'axios'],
  ])('asks for an HttpService in place of %s', (_, value) => {
    expect(httpServiceFault(value)).toBe('must be an HttpService of @nestjs/axios.');
  });
});

import type { Attributes } from '@opentelemetry/api';
import type { AttemptEvent, CallEvent, CallLabels } from '../index.js';

/** Attributes that spans and metrics of a call have in common. */
export function callAttributes({ merchant, operation, api }: CallLabels): Attributes {
  return { 'wxpay.merchant': merchant, 'wxpay.operation': operation, 'wxpay.api_version': api };
}

/** Attributes of the end of a call or an attempt. */
export function endAttributes({ outcome, error }: Pick<CallEvent, 'outcome' | 'error'>): Attributes {
  return defined({ 'wxpay.outcome': outcome, 'error.type': error?.type });
}

/** Attributes with too many values for metrics: host, reply and error code. */
export function replyAttributes({
  host,
  httpStatus,
  requestId,
  error,
}: Pick<AttemptEvent, 'httpStatus' | 'requestId' | 'error'> & Pick<CallEvent, 'host'>): Attributes {
  return defined({
    'server.address': host === undefined ? undefined : new URL(host).hostname,
    'http.response.status_code': httpStatus,
    'wxpay.request_id': requestId,
    'wxpay.error_code': error?.code,
  });
}

/** Position of a host in the list of the merchant. */
export function hostAttributes({ isBackup }: Pick<CallEvent, 'isBackup'>): Attributes {
  return isBackup === undefined ? {} : { 'wxpay.host': hostName(isBackup) };
}

function hostName(isBackup: boolean): 'main' | 'backup' {
  return isBackup ? 'backup' : 'main';
}

/** Leaves out undefined values: some exporters write them as empty ones. */
export function defined(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}

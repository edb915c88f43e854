/** Endpoints that answer without any `sign`: transfers to balances and cards, red packs, keys. */
const PATHS: ReadonlySet<string> = new Set([
  '/mmpaymkttransfers/promotion/transfers',
  '/mmpaymkttransfers/gettransferinfo',
  '/mmpaymkttransfers/sendredpack',
  '/mmpaymkttransfers/sendgroupredpack',
  '/mmpaymkttransfers/sendminiprogramhb',
  '/mmpaymkttransfers/gethbinfo',
  '/mmpaysptrans/pay_bank',
  '/mmpaysptrans/query_bank',
  '/risk/getpublickey',
  '/sandboxnew/pay/getsignkey',
  '/xdc/apiv2getsignkey/sign/getsignkey',
]);

/** Tells whether an endpoint is known to leave its replies unsigned. */
export function leavesRepliesUnsigned(path: string): boolean {
  return PATHS.has(path);
}

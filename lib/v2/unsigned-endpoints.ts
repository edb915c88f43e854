/** Endpoints that return the key of the sandbox: their replies have neither `sign` nor `result_code`. */
const SANDBOX_KEY_PATHS: readonly string[] = [
  '/sandboxnew/pay/getsignkey',
  '/xdc/apiv2getsignkey/sign/getsignkey',
];

/** Endpoints whose replies have no `sign`: transfers to balances and cards, red packs, keys. */
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
  ...SANDBOX_KEY_PATHS,
]);

/** Tells whether an endpoint is known not to sign its replies. */
export function leavesRepliesUnsigned(path: string): boolean {
  return PATHS.has(path);
}

/** Tells whether an endpoint returns the key of the sandbox. */
export function givesSandboxKey(path: string): boolean {
  return SANDBOX_KEY_PATHS.includes(path);
}

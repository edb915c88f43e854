import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { Client, Pool } from 'pg';
import { hasPostgresServer, PostgresServer } from './postgres-server.js';

type Describe = (name: string, specs: () => void) => void;

const { DATABASE_URL, CI } = process.env;

/** `describe` for specs that need PostgreSQL. Without one they are skipped, except in CI, where they fail. */
export const describeWithPostgres: Describe = (name, specs) =>
  describeIf(hasPostgresServer || DATABASE_URL !== undefined, name, specs);

/** The same for specs that need a server of their own, because they kill it, or because their schemas have fixed names. */
export const describeWithOwnPostgres: Describe = (name, specs) => describeIf(hasPostgresServer, name, specs);

function describeIf(isThere: boolean, name: string, specs: () => void): void {
  if (isThere) return describe(name, specs);
  const remedy = 'Install postgresql. For most specs DATABASE_URL does, too.';
  if (CI === 'true') throw new Error(`"${name}" needs PostgreSQL. ${remedy}`);
  process.stderr.write(`Skipped, because there is no PostgreSQL: "${name}". ${remedy}\n`);
  return describe.skip(name, specs);
}

/** A schema for the specs of one file. */
export interface TestPostgres {
  /** Address whose connections use the schema. */
  readonly url: string;
  /** Connections that use the schema. */
  readonly pool: Pool;
  /** The server, if the specs have started it; undefined for that of `DATABASE_URL`. */
  readonly server: PostgresServer | undefined;
}

/**
 * Takes the server of `DATABASE_URL`, or starts one before the specs of a file. Afterwards, only the schema of the file is
 * dropped.
 *
 * @param own true to start a server even if there is one, for `describeWithOwnPostgres`
 */
export function usePostgres({ own = false }: { readonly own?: boolean } = {}): TestPostgres {
  const starts = hasPostgresServer && (own || DATABASE_URL === undefined);
  const isMissing = !starts && (own || DATABASE_URL === undefined);
  const schema = `nestjs_wxpay_${randomUUID().replaceAll('-', '')}`;
  let server: PostgresServer | undefined;
  let serverUrl: string;
  let url: string;
  let pool: Pool;

  beforeAll(async () => {
    if (isMissing) return;
    server = starts ? await PostgresServer.start() : undefined;
    serverUrl = server?.url ?? DATABASE_URL ?? '';
    await query(serverUrl, `CREATE SCHEMA ${schema}`);
    const withSchema = new URL(serverUrl);
    withSchema.searchParams.set('options', `-c search_path=${schema}`);
    url = withSchema.href;
    pool = new Pool({ connectionString: url });
    pool.on('error', () => undefined);
  }, 60_000);
  afterAll(async () => {
    if (isMissing) return;
    await pool.end();
    await query(serverUrl, `DROP SCHEMA ${schema} CASCADE`);
    await server?.stop();
  });

  return {
    get url() {
      return url;
    },
    get pool() {
      return pool;
    },
    get server() {
      return server;
    },
  };
}

async function query(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

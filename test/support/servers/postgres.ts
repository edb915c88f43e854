import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { Client, Pool } from 'pg';
import { hasPostgresServer, PostgresServer } from './postgres-server.js';

type Describe = (name: string, specs: () => void) => void;

const { DATABASE_URL, CI } = process.env;
const isMissing = !hasPostgresServer && DATABASE_URL === undefined;
if (isMissing) {
  const missing = 'No PostgreSQL: set DATABASE_URL, or install postgresql.';
  if (CI === 'true') throw new Error(missing);
  process.stderr.write(`${missing} Its specs are skipped.\n`);
}

/** `describe` for specs that need PostgreSQL. Without one they are skipped, except in CI, where they fail. */
export const describeWithPostgres: Describe = isMissing ? describe.skip : describe;

/** A schema for the specs of one file. */
export interface TestPostgres {
  /** Address whose connections use the schema. */
  readonly url: string;
  /** Connections that use the schema. */
  readonly pool: Pool;
  /** The server, if the specs have started it; undefined for that of `DATABASE_URL`. */
  readonly server: PostgresServer | undefined;
}

/** Takes the server of `DATABASE_URL`, or starts one before the specs of a file. Afterwards, only the schema of the file is dropped. */
export function usePostgres({ own = false }: { readonly own?: boolean } = {}): TestPostgres {
  const schema = `nestjs_wxpay_${randomUUID().replaceAll('-', '')}`;
  let server: PostgresServer | undefined;
  let serverUrl: string;
  let url: string;
  let pool: Pool;

  beforeAll(async () => {
    if (isMissing) return;
    server =
      hasPostgresServer && (own || DATABASE_URL === undefined) ? await PostgresServer.start() : undefined;
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

import pg from 'pg';

async function admin(server: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server, connectionTimeoutMillis: 2000 });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Whether a server answers at `server`. */
export async function answers(server: string): Promise<boolean> {
  return await admin(server, 'select 1').then(
    () => true,
    () => false,
  );
}

let databases = 0;

export interface ScratchDatabase {
  url: string;
  drop(): Promise<void>;
}

/** A database of its own on the PostgreSQL server at `server`: a copy of the one that is set up, or of another. */
export async function scratchDatabase(
  server: string,
  template = process.env.DATABASE_TEMPLATE ?? 'template1',
): Promise<ScratchDatabase> {
  databases += 1;
  const name = `xiaoqing_${process.pid}_${databases}`;
  await admin(server, `create database ${name} template ${template}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => admin(server, `drop database ${name} with (force)`) };
}

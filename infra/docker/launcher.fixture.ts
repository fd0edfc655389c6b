/** A launcher that a spec kills: starts PostgreSQL and Kafka in containers, then waits forever. */
import { findKafka } from '../local/kafka/find.ts';
import { findPostgres } from '../local/postgres/find.ts';

const found = await Promise.all([findPostgres({ durable: false }), findKafka()]);
console.log(found.map(({ source }) => source).join());
setInterval(() => undefined, 60_000);

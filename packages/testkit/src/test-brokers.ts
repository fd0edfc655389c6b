import { inject } from 'vitest';
import './provided.ts';

/** The Kafka brokers of this run, as `host:port`. */
export const testBrokers = (): string[] => inject('kafkaBrokers');

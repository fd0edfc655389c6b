import { inject } from 'vitest';
import './provided.ts';

/** The Kafka of this run, as `host:port`. */
export const testBrokers = (): string[] => inject('kafkaBrokers');

import { createLog } from '@opennrm/runtime';
import { testBrokers } from '@opennrm/testkit';
import { describe } from 'vitest';
import { kafkaConformance } from './conformance.ts';
import { kafkaOnKafkajs } from './kafkajs.ts';

const log = createLog('spec', 'silent');

describe('kafkajs', () =>
  kafkaConformance(() => kafkaOnKafkajs({ brokers: testBrokers(), clientId: 'spec', log })));

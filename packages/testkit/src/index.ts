export { type ManualClock, manualClock } from './manual-clock.ts';
export { specification } from './specification.ts';
export { type TcpProxy, tcpProxy } from './tcp-proxy.ts';
export { testBrokers } from './test-brokers.ts';
export { type TestDatabase, testDatabase } from './test-database.ts';
